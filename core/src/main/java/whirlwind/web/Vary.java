package whirlwind.web;

import whirlwind.http.Headers;

/** What a response depends on besides its address, for who keeps it: RFC 9110 section 12.5.5. */
final class Vary {
    private Vary() {}

    /** Says that it depends on a field of the request. */
    static void on(Headers headers, String field) {
        if (headers.containsToken("Vary", field) || headers.containsToken("Vary", "*")) {
            return;
        }
        var fields = headers.getList("Vary");
        fields.add(field);
        headers.set("Vary", String.join(", ", fields));
    }
}
