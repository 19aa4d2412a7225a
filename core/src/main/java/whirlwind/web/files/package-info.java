/**
 * Files as they lie in a folder: {@link whirlwind.web.files.StaticFileHandler} serves them with
 * entity tags, dates and ranges, and lets nothing outside its folder be seen. Reading happens
 * beside the loop.
 *
 * <p>Below: {@code whirlwind.web}. Above: nothing of the library. Tornado: {@code
 * web.StaticFileHandler}.
 */
@NullMarked
package whirlwind.web.files;

import org.jspecify.annotations.NullMarked;
