/**
 * Everybody on a page sees where the others point, and who they are. One topic with presence, to
 * which pages publish directly: the server only looks at whether what they say is a place.
 */
@NullMarked
package whirlwind.demos.cursors;

import org.jspecify.annotations.NullMarked;
