/**
 * Files as they lie in a folder or on the class path. A {@link whirlwind.web.files.StaticSite} is
 * all that is served below one path: where it comes from (a {@link whirlwind.web.files.FileSource})
 * and what its URLs are; a {@link whirlwind.web.files.StaticFileHandler} answers one request for
 * one of its files, with entity tags, dates and ranges. Nothing outside of the folder is seen.
 * Looking, hashing and reading happen beside the loop.
 *
 * <p>Below: {@code whirlwind.web}. Above: nothing of the library. Tornado: {@code
 * web.StaticFileHandler}.
 */
@NullMarked
package whirlwind.web.files;

import org.jspecify.annotations.NullMarked;
