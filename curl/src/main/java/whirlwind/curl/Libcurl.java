package whirlwind.curl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libcurl and of the C library that are used here. Pointers are numbers, which on
 * the platforms of 64 bits that we run on are passed in the same way.
 */
@SuppressWarnings("restricted") // what this class is for
final class Libcurl {
    /** All memory of the process, for what libcurl points to. */
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = LibcurlFile.load();

    private static final MethodHandle GLOBAL_INIT = curl("curl_global_init", JAVA_INT, JAVA_LONG);
    private static final MethodHandle EASY_INIT = curl("curl_easy_init", JAVA_LONG);
    private static final MethodHandle EASY_RESET = curl("curl_easy_reset", null, JAVA_LONG);
    private static final MethodHandle EASY_CLEANUP = curl("curl_easy_cleanup", null, JAVA_LONG);
    private static final MethodHandle EASY_SETOPT = variadic("curl_easy_setopt");
    private static final MethodHandle EASY_GETINFO = variadic("curl_easy_getinfo");
    private static final MethodHandle EASY_PAUSE =
            curl("curl_easy_pause", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EASY_STRERROR =
            curl("curl_easy_strerror", JAVA_LONG, JAVA_INT);
    private static final MethodHandle MULTI_INIT = curl("curl_multi_init", JAVA_LONG);
    private static final MethodHandle MULTI_CLEANUP =
            curl("curl_multi_cleanup", JAVA_INT, JAVA_LONG);
    private static final MethodHandle MULTI_SETOPT = variadic("curl_multi_setopt");
    private static final MethodHandle MULTI_ADD =
            curl("curl_multi_add_handle", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MULTI_REMOVE =
            curl("curl_multi_remove_handle", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MULTI_SOCKET_ACTION =
            curl("curl_multi_socket_action", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MULTI_INFO_READ =
            curl("curl_multi_info_read", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SLIST_APPEND =
            curl("curl_slist_append", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SLIST_FREE = curl("curl_slist_free_all", null, JAVA_LONG);
    private static final MethodHandle MALLOC = libc("malloc", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FREE = libc("free", null, JAVA_LONG);

    private static final long GLOBAL_DEFAULT = 3;

    static {
        check(globalInit());
    }

    private Libcurl() {}

    // ---- easy handles ----

    static long easyInit() {
        try {
            return notNull((long) EASY_INIT.invokeExact());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void easyReset(long easy) {
        try {
            EASY_RESET.invokeExact(easy);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void easyCleanup(long easy) {
        try {
            EASY_CLEANUP.invokeExact(easy);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Sets an option to a number or a pointer; gives libcurl's code. */
    static int trySet(long easy, int option, long value) {
        try {
            return (int) EASY_SETOPT.invokeExact(easy, option, value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void set(long easy, int option, long value) {
        int code = trySet(easy, option, value);
        if (code != Code.OK) {
            throw new IllegalArgumentException(
                    "this libcurl refuses option %d: %s".formatted(option, describe(code)));
        }
    }

    /** Sets an option to a text, of which libcurl keeps a copy. */
    static void set(long easy, int option, String value) {
        try (var arena = Arena.ofConfined()) {
            set(easy, option, arena.allocateFrom(value).address());
        }
    }

    /** Sets an option to bytes (a {@code curl_blob}), of which libcurl keeps a copy. */
    static void set(long easy, int option, byte[] value) {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
            var blob = arena.allocate(JAVA_LONG, 3);
            blob.setAtIndex(JAVA_LONG, 0, bytes.address());
            blob.setAtIndex(JAVA_LONG, 1, value.length);
            blob.set(JAVA_INT, 2 * JAVA_LONG.byteSize(), 1); // CURL_BLOB_COPY
            set(easy, option, blob.address());
        }
    }

    /** An information that is a long, a double's bits or a pointer; 0 if there is none. */
    static long info(long easy, int info, MemorySegment result) {
        try {
            result.set(JAVA_LONG, 0, 0);
            int ignored = (int) EASY_GETINFO.invokeExact(easy, info, result.address());
            return ignored == Code.OK ? result.get(JAVA_LONG, 0) : 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void pause(long easy, int directions) {
        try {
            int ignored = (int) EASY_PAUSE.invokeExact(easy, directions);
            if (ignored == Code.OUT_OF_MEMORY) {
                throw new OutOfMemoryError("libcurl");
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static String describe(int code) {
        try {
            return MEMORY.getString((long) EASY_STRERROR.invokeExact(code));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    // ---- multi handles ----

    static long multiInit() {
        try {
            return notNull((long) MULTI_INIT.invokeExact());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void multiCleanup(long multi) {
        try {
            check((int) MULTI_CLEANUP.invokeExact(multi));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void multiSet(long multi, int option, long value) {
        try {
            check((int) MULTI_SETOPT.invokeExact(multi, option, value));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void multiAdd(long multi, long easy) {
        try {
            check((int) MULTI_ADD.invokeExact(multi, easy));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void multiRemove(long multi, long easy) {
        try {
            check((int) MULTI_REMOVE.invokeExact(multi, easy));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Lets libcurl go on; gives its code. */
    static int socketAction(long multi, int socket, int events, MemorySegment running) {
        try {
            return (int) MULTI_SOCKET_ACTION.invokeExact(multi, socket, events, running.address());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The address of the next message, or 0. */
    static long infoRead(long multi, MemorySegment left) {
        try {
            return (long) MULTI_INFO_READ.invokeExact(multi, left.address());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    // ---- memory ----

    /** A list with one more string, which is copied. */
    static long append(long list, String text) {
        try (var arena = Arena.ofConfined()) {
            var bytes = Latin1.terminated(text, arena);
            return notNull((long) SLIST_APPEND.invokeExact(list, bytes.address()));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void freeList(long list) {
        try {
            SLIST_FREE.invokeExact(list);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long malloc(long size) {
        try {
            return notNull((long) MALLOC.invokeExact(size));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The address of a C function that calls {@code target}, as long as the arena lives. */
    static long upcall(MethodHandle target, FunctionDescriptor type, Arena arena) {
        return LINKER.upcallStub(target, type, arena).address();
    }

    // ---- inside ----

    private static int globalInit() {
        try {
            return (int) GLOBAL_INIT.invokeExact(GLOBAL_DEFAULT);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MethodHandle curl(
            String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type(result, arguments));
    }

    private static MethodHandle libc(
            String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), type(result, arguments));
    }

    private static FunctionDescriptor type(
            @Nullable MemoryLayout result, MemoryLayout... arguments) {
        return result == null
                ? FunctionDescriptor.ofVoid(arguments)
                : FunctionDescriptor.of(result, arguments);
    }

    /** {@code int name(handle, int option, ...)} with one more argument. */
    private static MethodHandle variadic(String name) {
        return LINKER.downcallHandle(
                LIBRARY.findOrThrow(name),
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG),
                Linker.Option.firstVariadicArg(2));
    }

    private static void check(int code) {
        if (code != 0) {
            throw new IllegalStateException("libcurl refuses a call with code " + code);
        }
    }

    private static long notNull(long pointer) {
        if (pointer == 0) {
            throw new OutOfMemoryError("libcurl");
        }
        return pointer;
    }

    /** A downcall throws nothing of its own. */
    private static RuntimeException unexpected(Throwable failure) {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(failure);
        }
    }
}
