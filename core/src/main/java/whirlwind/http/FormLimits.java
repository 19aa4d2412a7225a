package whirlwind.http;

import whirlwind.check.Check;

/**
 * What a form may hold before it is refused; the size of a body as a whole is limited where it is
 * read. Tornado's {@code ParseMultipartConfig}, per server instead of global.
 *
 * @param multipart whether {@code multipart/form-data} is read at all; without it such a body is
 *     refused with 415
 * @param maxParts parts in a multipart body, at least 1
 * @param maxPartHeaderBytes bytes in one part's headers, at least 1
 * @param maxArguments arguments in a query or in an urlencoded body, at least 1
 * @param maxMemory bytes of a form that a {@link FormReader} keeps in memory, at least 1: files
 *     beyond that go to disk, texts beyond it are refused
 */
public record FormLimits(
        boolean multipart, int maxParts, int maxPartHeaderBytes, int maxArguments, int maxMemory) {
    /**
     * 100 parts with 10 KiB of headers each, as Tornado; 10,000 arguments, for each costs far more
     * memory than its bytes; 1 MiB of a form that is read while it comes.
     */
    public static final FormLimits DEFAULTS = new FormLimits(true, 100, 10 * 1024, 10_000, 1 << 20);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit is not positive
     */
    public FormLimits {
        Check.positive("maxParts", maxParts);
        Check.positive("maxPartHeaderBytes", maxPartHeaderBytes);
        Check.positive("maxArguments", maxArguments);
        Check.positive("maxMemory", maxMemory);
    }
}
