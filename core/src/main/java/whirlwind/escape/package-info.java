/**
 * Pure functions over text and bytes: HTML, URL and JSON escaping, UTF-8, and texts fit for a log
 * line. Tornado's {@code escape} module.
 *
 * <p>Everything here is static, without state, I/O or clock, and safe on any thread. Start at
 * {@link whirlwind.escape.Html}, {@link whirlwind.escape.Url} and {@link whirlwind.escape.Json};
 * whatever turns bytes into text goes through {@link whirlwind.escape.Utf8}, which reports
 * malformed input instead of replacing it. Nothing is below this package; every other package may
 * use it.
 */
@NullMarked
package whirlwind.escape;

import org.jspecify.annotations.NullMarked;
