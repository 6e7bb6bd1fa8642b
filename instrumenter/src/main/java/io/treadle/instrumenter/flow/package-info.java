/**
 * What is known of a method's code: its control flow, the types and the live variables before each
 * instruction, the monitors held. Each analysis is one class; none of them changes the code.
 */
package io.treadle.instrumenter.flow;
