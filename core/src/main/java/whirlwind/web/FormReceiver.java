package whirlwind.web;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.FormData;
import whirlwind.http.FormReader;
import whirlwind.loop.Async;

/** Feeds a request's body to a form's reader, which writes files, beside the loop. */
final class FormReceiver {
    private final Response response;
    private final FormReader reader;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    FormReceiver(Response response, @Nullable Path folder) {
        this.response = response;
        this.reader = new FormReader(response.request(), folder);
    }

    /** Suspends until the form is whole. While files are written, the client waits. */
    FormData receive() {
        for (var piece = next(); piece != null; piece = next()) {
            var bytes = piece;
            beside(() -> {
                reader.add(bytes);
                return true;
            });
        }
        return beside(reader::end);
    }

    private byte @Nullable [] next() {
        return Async.await(response.readBody());
    }

    /** Shielded: a request that is cancelled must not leave while its file is being written. */
    private <T> T beside(Callable<T> work) {
        var done = Async.offload(work);
        last = done;
        return Async.await(Async.shield(done));
    }

    /** Deletes what was not moved away, when nothing is written any more; doesn't wait. */
    void close() {
        var _ =
                last.handle((_, _) ->
                        Async.offload(() -> {
                            reader.close();
                            return true;
                        }));
    }
}
