package whirlwind.realtime;

import whirlwind.web.files.StaticFile;
import whirlwind.web.files.StaticFileHandler;
import whirlwind.web.files.StaticSite;

/**
 * The browser's side of a hub, packed beside this class: an ES module of two files, and its types
 * for TypeScript. Browsers keep them, and ask each time whether they have changed.
 */
final class ClientFiles extends StaticFileHandler {
    /** For a route: the files that are to be had, and nothing else of this package. */
    static final String TEMPLATE = "/{path:client\\.js|connection\\.js|client\\.d\\.ts}";

    private static final StaticSite SITE =
            StaticSite.classPath(ClientFiles.class, "").withDefaultFilename(null);

    ClientFiles() {
        super(SITE);
    }

    @Override
    protected String getContentType(StaticFile file) {
        return file.name().endsWith(".d.ts")
                ? "application/typescript; charset=UTF-8" // else taken for a film: MPEG-2 TS
                : super.getContentType(file);
    }

    @Override
    protected void setDefaultHeaders() {
        setHeader("X-Content-Type-Options", "nosniff");
        setHeader("Cache-Control", "no-cache");
    }
}
