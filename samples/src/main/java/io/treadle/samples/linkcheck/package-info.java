/**
 * Checks the links of web sites: the program that shows how a whole one is written.
 *
 * <p>Read {@link io.treadle.samples.linkcheck.Crawl} first: it is the heart, and takes a page. Then
 * {@link io.treadle.samples.linkcheck.Fetcher} for timeouts, retries and blocking work, {@link
 * io.treadle.samples.linkcheck.Permits} for how to make something new that tasks wait for, and
 * {@link io.treadle.samples.linkcheck.LinkCheck} for how a program starts and ends.
 */
@NullMarked
package io.treadle.samples.linkcheck;

import org.jspecify.annotations.NullMarked;
