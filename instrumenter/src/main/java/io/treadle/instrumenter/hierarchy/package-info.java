/** What is known of classes without their code: supertypes, methods, which are async and how. */
package io.treadle.instrumenter.hierarchy;
