package dev.ebb;

import dev.ebb.load.EventSink;
import dev.ebb.report.Figures;
import dev.ebb.report.Troubles;

/** Where all that is said goes. @param log every event; @param reports null if none are written */
record Told(EventSink log, Reports reports, Troubles troubles, Figures figures) { }
