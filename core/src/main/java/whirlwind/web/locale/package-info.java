/**
 * Languages: what a user reads, in words of his own. Tornado's {@code locale} module.
 *
 * <p>A {@link whirlwind.web.locale.UserLocale} translates messages and writes dates, numbers and
 * lists as its people do. Messages come from a {@link whirlwind.web.locale.Catalogue}, a CSV or
 * gettext file; what a catalogue lacks is left as it is. How dates and numbers are written comes
 * from the JDK's locale data (CLDR). {@link whirlwind.web.locale.Locales} are all the languages
 * that an application speaks, and choose among them.
 *
 * <p>Everything here is immutable and for any thread; only loading catalogues waits, for files.
 * Below are {@code whirlwind.http} and {@code whirlwind.loop}; above is {@code whirlwind.web},
 * which chooses a language for each request.
 */
@NullMarked
package whirlwind.web.locale;

import org.jspecify.annotations.NullMarked;
