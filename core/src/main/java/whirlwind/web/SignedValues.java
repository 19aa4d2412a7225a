package whirlwind.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.escape.Utf8;
import whirlwind.loop.IOLoop;

/**
 * Values that their recipient can read but not change: cookies, links, hidden fields. Each carries
 * its name, the time of signing and an HMAC of all that; one that was tampered with, was signed
 * under another name or is too old reads as absent. They are protected against change, not against
 * being read or sent again.
 *
 * {@snippet :
 * var links = new SignedValues(secret);
 * var link = "/confirm?address=" + Url.escape(links.sign("address", "ada@example.com"));
 * byte[] address = links.read("address", getArgument("address"));   // null: not ours, or too old
 * }
 *
 * <p>The secret is what nobody can guess, best 32 random bytes as text ({@code openssl rand -base64
 * 32}); a warning is logged of one that has fewer than 16 bytes. To replace it, give the new one
 * beside the old: values are signed with the key of one version, and read with the key whose
 * version they name.
 *
 * <p>The formats are Tornado's, and each side reads what the other signed with the same secret:
 * version 2 (HMAC-SHA256, with key versions), and version 1 (HMAC-SHA1), which is written on demand
 * only, and read unless {@code minVersion} is 2. Immutable, for any thread; without a {@linkplain
 * #withClock clock of its own} for the threads of a loop. Tornado: {@code create_signed_value},
 * {@code decode_signed_value}, {@code get_signature_key_version}.
 */
public final class SignedValues {
    /** The version that is written, and the newest that is read. */
    public static final int VERSION = 2;

    /** The oldest version that is read. */
    public static final int MIN_VERSION = 1;

    /** How old a value may be unless its reader says otherwise: 31 days. */
    public static final Duration MAX_AGE = Duration.ofDays(31);

    /** How far ahead of us the clock may be that signed a value of version 1. */
    private static final Duration MAX_AHEAD = Duration.ofDays(31);

    private final Map<Integer, SigningKey> keys;

    /** Whether values name the key they were signed with; else there is one for all. */
    private final boolean versioned;

    private final SigningKey key;
    private final int keyVersion;
    private final InstantSource clock;

    /**
     * One secret for all values.
     *
     * @throws IllegalArgumentException if the secret is null, as what an environment variable that
     *     is not set holds, or blank
     */
    public SignedValues(@Nullable String secret) {
        this(Map.of(), false, new SigningKey(secret), 0, () -> IOLoop.current().time());
    }

    /**
     * Several secrets by their versions: values are signed with that of {@code keyVersion}, and
     * read if the secret that they were signed with is among them. Values of version 1, which name
     * no secret, are not read then.
     *
     * @throws IllegalArgumentException if a secret is blank, a version is negative, or there is no
     *     secret of {@code keyVersion}
     */
    public SignedValues(Map<Integer, String> secrets, int keyVersion) {
        var keys = keys(secrets);
        this(keys, true, key(keys, keyVersion), keyVersion, () -> IOLoop.current().time());
    }

    private SignedValues(
            Map<Integer, SigningKey> keys,
            boolean versioned,
            SigningKey key,
            int keyVersion,
            InstantSource clock) {
        this.keys = keys;
        this.versioned = versioned;
        this.key = key;
        this.keyVersion = keyVersion;
        this.clock = clock;
    }

    private static Map<Integer, SigningKey> keys(Map<Integer, String> secrets) {
        var keys = new HashMap<Integer, SigningKey>();
        secrets.forEach((version, secret) -> {
            Check.notNegative("key version", version);
            keys.put(version, new SigningKey(secret));
        });
        return keys;
    }

    private static SigningKey key(Map<Integer, SigningKey> keys, int version) {
        var key = keys.get(version);
        if (key == null) {
            throw new IllegalArgumentException(
                    "key version: " + version + " (one of " + new TreeSet<>(keys.keySet()) + ")");
        }
        return key;
    }

    /** The same keys with another clock: for threads that are no loop's, and for tests. */
    public SignedValues withClock(InstantSource clock) {
        return new SignedValues(keys, versioned, key, keyVersion, clock);
    }

    /** Signs text, as UTF-8; see {@link #sign(String, byte[])}. */
    public String sign(String name, String value) {
        return sign(name, Utf8.encode(value));
    }

    /**
     * Signs a value under a name, in version {@link #VERSION}. Besides the name the result has
     * letters, digits and {@code |:+/=}.
     */
    public String sign(String name, byte[] value) {
        return sign(name, value, VERSION);
    }

    /**
     * As {@link #sign(String, byte[])}, in another version: 1 is for readers that know no other.
     *
     * @throws IllegalArgumentException if there is no such version
     * @throws IllegalStateException if it is 1 and there are several secrets
     */
    public String sign(String name, byte[] value, int version) {
        requireVersion("version", version);
        long seconds = clock.instant().getEpochSecond();
        if (version == 2) {
            return SignedText.Version2.write(key, keyVersion, name, value, seconds);
        }
        if (versioned) {
            throw new IllegalStateException(
                    "version 1 can't say which of several secrets it was signed with: use version 2");
        }
        return SignedText.Version1.write(key, name, value, seconds);
    }

    /** Reads a value of at most {@link #MAX_AGE}, of either version. */
    public byte @Nullable [] read(String name, @Nullable String signed) {
        return read(name, signed, MAX_AGE, MIN_VERSION);
    }

    /**
     * Reads a value; null unless it was signed under this name, with one of these secrets, at most
     * {@code maxAge} ago and in {@code minVersion} or a newer one. How long that takes doesn't
     * depend on how much of a signature is right.
     *
     * @param signed null, which reads as null
     * @throws IllegalArgumentException if there is no such {@code minVersion}
     */
    public byte @Nullable [] read(
            String name, @Nullable String signed, Duration maxAge, int minVersion) {
        requireVersion("minVersion", minVersion);
        if (signed == null || SignedText.version(signed) < minVersion) {
            return null;
        }
        var parts = SignedText.parse(signed);
        var signer = parts == null ? null : signerOf(parts);
        if (parts == null
                || signer == null
                || !parts.isSignedWith(signer, name)
                || !isTimely(parts, maxAge)) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(parts.value());
        } catch (IllegalArgumentException e) {
            return null; // signed as it is, by something that is not Tornado
        }
    }

    /**
     * The version of the secret with which a value says that it was signed, unverified; none in
     * version 1, and for what is no signed value. A value that was read, and whose key version is
     * not the current one, is worth signing anew.
     */
    public static OptionalInt keyVersion(String signed) {
        return SignedText.parse(signed) instanceof SignedText.Version2 parts
                ? OptionalInt.of(parts.keyVersion())
                : OptionalInt.empty();
    }

    private @Nullable SigningKey signerOf(SignedText parts) {
        if (!versioned) {
            return key;
        }
        return parts instanceof SignedText.Version2 v2 ? keys.get(v2.keyVersion()) : null;
    }

    private boolean isTimely(SignedText parts, Duration maxAge) {
        var age = Duration.between(Instant.ofEpochSecond(parts.seconds()), clock.instant());
        return age.compareTo(maxAge) <= 0
                && (parts instanceof SignedText.Version2
                        || age.negated().compareTo(MAX_AHEAD) <= 0);
    }

    private static void requireVersion(String what, int version) {
        if (version < MIN_VERSION || version > VERSION) {
            throw new IllegalArgumentException(
                    "%s: %d (%d to %d)".formatted(what, version, MIN_VERSION, VERSION));
        }
    }
}
