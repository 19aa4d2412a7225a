/**
 * Content codings of responses: which of them a client takes, and how bytes are turned into them.
 *
 * <p>gzip is the JDK's. Brotli and zstd are there if the application has brotli4j or zstd-jni on
 * its path. Above is {@code whirlwind.web}, whose responses go through a {@link
 * whirlwind.web.compression.Compressor}; nothing here knows of requests or of the loop.
 */
@NullMarked
package whirlwind.web.compression;

import org.jspecify.annotations.NullMarked;
