/** Whirlwind's HTTP client over the system's libcurl. */
module whirlwind.curl {
    exports whirlwind.curl;

    requires static transitive org.jspecify;
    requires transitive whirlwind;
}
