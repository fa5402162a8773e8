package dev.gatehouse.upstream;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Response;

/// Lets an answer in only if everybody would agree on where it ends (RFC 9112 section 6.3) and
/// where each of its headers does: over HTTP/2 a value can hold a line end, which OkHttp lets pass
/// (RFC 9113 section 8.2.1). To fail here closes the connection at once and keeps it out of the
/// pool, where another reading of its bytes would be the start of somebody else's answer.
final class SoundHead implements Interceptor {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    Headers headers = response.headers();
    if (response.code() == SWITCHING_PROTOCOLS || !isFramedOnce(headers) || !isPlain(headers)) {
      throw new ProtocolException("the answer has no single length, or is none");
    }
    return response;
  }

  private static boolean isPlain(Headers headers) {
    for (int i = 0; i < headers.size(); i++) {
      if (HeaderText.hasControls(headers.name(i)) || !HeaderText.isFieldValue(headers.value(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFramedOnce(Headers headers) {
    List<String> lengths = headers.values("Content-Length");
    List<String> codings = headers.values("Transfer-Encoding");
    if (!codings.isEmpty()) {
      return lengths.isEmpty()
          && codings.size() == 1
          && "chunked".equalsIgnoreCase(codings.getFirst());
    }
    return Set.copyOf(lengths).size() <= 1 && lengths.stream().allMatch(LENGTH.asMatchPredicate());
  }
}
