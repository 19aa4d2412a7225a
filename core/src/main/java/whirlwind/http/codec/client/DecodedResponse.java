package whirlwind.http.codec.client;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import whirlwind.http.Headers;
import whirlwind.http.ResponseStartLine;

/** A response's head as Netty's decoder hands it around, with ours inside. */
final class DecodedResponse extends DefaultHttpResponse {
    private final ResponseStartLine startLine;
    private final ResponseFields fields;

    DecodedResponse(ResponseStartLine startLine) {
        this(startLine, new ResponseFields());
    }

    private DecodedResponse(ResponseStartLine startLine, ResponseFields fields) {
        super(
                startLine.version() == whirlwind.http.HttpVersion.HTTP_1_0
                        ? HttpVersion.HTTP_1_0
                        : HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(startLine.code()),
                fields);
        this.startLine = startLine;
        this.fields = fields;
    }

    ResponseStartLine startLine() {
        return startLine;
    }

    Headers fields() {
        return fields.fields();
    }
}
