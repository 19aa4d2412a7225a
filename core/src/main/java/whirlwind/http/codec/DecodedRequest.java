package whirlwind.http.codec;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import whirlwind.http.Headers;
import whirlwind.http.RequestStartLine;

/** A request's head as Netty's decoder hands it around, with ours inside. */
final class DecodedRequest extends DefaultHttpRequest {
    private final RequestStartLine startLine;
    private final RequestFields fields;

    DecodedRequest(RequestStartLine startLine) {
        this(startLine, new RequestFields());
    }

    private DecodedRequest(RequestStartLine startLine, RequestFields fields) {
        super(
                startLine.version() == whirlwind.http.HttpVersion.HTTP_1_0
                        ? HttpVersion.HTTP_1_0
                        : HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(startLine.method()),
                startLine.target(),
                fields);
        this.startLine = startLine;
        this.fields = fields;
    }

    RequestStartLine startLine() {
        return startLine;
    }

    Headers fields() {
        return fields.fields();
    }
}
