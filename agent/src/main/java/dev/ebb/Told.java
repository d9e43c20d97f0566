package dev.ebb;

import dev.ebb.report.Figures;
import dev.ebb.report.FlightSink;
import dev.ebb.report.Troubles;

/** Where all that is said goes. @param log every event, into a recording as well; @param reports null if none are written */
record Told(FlightSink log, Reports reports, Troubles troubles, Figures figures) { }
