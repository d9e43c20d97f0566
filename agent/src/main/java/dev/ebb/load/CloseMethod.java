package dev.ebb.load;

/**
 * How a late result is disposed of where {@code ebb.close} names it.
 *
 * @param method the name of the method to call
 * @param onReceiver call it on the object whose method loaded, not on the result
 * @param arguments which of the load's own arguments are passed to it, by number from 0; empty for none
 * @param unpublished the load hands its result to nobody but its caller
 */
public record CloseMethod(String method, boolean onReceiver, int[] arguments, boolean unpublished) { }
