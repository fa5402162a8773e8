package dev.gatehouse.connection;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;

/// A client of HTTP/1.0, to whom the end of the connection is the end of the answer. An orderly end
/// looks complete, so an answer that broke off ends by reset: no FIN, and under TLS no word of
/// goodbye.
final class OldClient {
  private OldClient() {}

  /// Breaks the connection off, if it speaks HTTP/1.0.
  static void reset(ConnectionMetaData metaData) {
    if (metaData.getHttpVersion() == HttpVersion.HTTP_1_0) {
      reset(bare(metaData.getConnection().getEndPoint()));
    }
  }

  private static void reset(EndPoint endPoint) {
    try {
      if (endPoint.getTransport() instanceof SocketChannel channel) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    } catch (IOException _) {
      // closed already, by the client
    }
    endPoint.close();
  }

  /// The connection under TLS.
  private static EndPoint bare(EndPoint endPoint) {
    return endPoint instanceof EndPoint.Wrapper wrapper ? bare(wrapper.unwrap()) : endPoint;
  }
}
