/**
 * Files of any size from a browser or from the command line, several at a time: the receiver writes
 * what comes as it comes, the sender reads as fast as it is taken, and neither ever has more than a
 * piece of a file in memory.
 */
@NullMarked
package whirlwind.demos.upload;

import org.jspecify.annotations.NullMarked;
