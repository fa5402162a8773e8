package dev.gatehouse.agent.files;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.ItemJson;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.StoreFailure;
import dev.gatehouse.agent.chat.Uploads;
import dev.gatehouse.agent.http.BearerCheck;
import dev.gatehouse.agent.http.Caller;
import dev.gatehouse.agent.http.JsonBody;
import dev.gatehouse.agent.http.Refusal;
import dev.gatehouse.agent.http.RestOfBody;
import dev.gatehouse.agent.http.Turnstile;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files in and out. With a token they are uploaded to `/files`; an address below it needs none,
/// because only who was given it can know its signature.
public final class FilesServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(FilesServlet.class);

  /// What ChatKit's client sends with one message.
  private static final int MOST_AT_ONCE = 10;

  private final transient Turnstile arriving =
      new Turnstile(MOST_AT_ONCE, "Too many of your files are arriving: wait for one of them.");
  private final transient BearerCheck bearers;
  private final transient DiskUploads uploads;

  public FilesServlet(BearerCheck bearers, DiskUploads uploads) {
    this.bearers = bearers;
    this.uploads = uploads;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      answer(request, response);
    } catch (Refusal refusal) {
      refuse(refusal, request, response);
    } catch (Uploads.UnwelcomeFile e) {
      refuse(Refusal.invalid(String.valueOf(e.getMessage())), request, response);
    } catch (StoreFailure e) {
      LOG.warn("an attachment could not be kept or found: {}", e.toString(), e);
      Refusal.storeUnavailable().answer(response);
    }
  }

  private static void refuse(
      Refusal refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    RestOfBody.skip(refusal, request, response);
    if (!List.of("GET", "HEAD").contains(request.getMethod())) {
      // Jetty may close it anyway over a form that it gave up, and would not say so.
      response.setHeader("Connection", "close");
    }
    refusal.answer(response);
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    @Nullable String path = request.getPathInfo();
    if (path == null) {
      takeNew(request, response);
      return;
    }
    String id = path.substring(1);
    switch (request.getMethod()) {
      case "GET", "HEAD" -> send(id, request, response);
      case "PUT", "POST" -> take(id, request, response);
      default -> throw Refusal.methodNotAllowed("GET, HEAD, PUT, POST");
    }
  }

  private void takeNew(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!request.getMethod().equals("POST")) {
      throw Refusal.methodNotAllowed("POST");
    }
    Caller caller = bearers.caller(Collections.list(request.getHeaders("Authorization")));
    JsonBody.write(ItemJson.attachment(keep(caller.person(), request), uploads), response);
  }

  private Attachment keep(Person owner, HttpServletRequest request) {
    arriving.enter(owner.subject());
    try (Received received = uploads.incoming(owner).form(request)) {
      return uploads.keep(owner, received);
    } catch (IOException e) {
      throw new StoreFailure(e);
    } finally {
      arriving.leave(owner.subject());
    }
  }

  private void take(String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Attachment attachment = opened(Purpose.UPLOAD, id, request).attachment();
    if (uploads.isThere(attachment)) {
      throw Refusal.uploadedAlready();
    }
    if (!keep(attachment, request)) {
      throw noSuchFile();
    }
    JsonBody.write(ItemJson.attachment(attachment, uploads), response);
  }

  private boolean keep(Attachment attachment, HttpServletRequest request) {
    arriving.enter(attachment.owner());
    try (Received received = received(request, attachment.size())) {
      return uploads.keep(attachment, received);
    } catch (FileAlreadyExistsException e) {
      throw Refusal.uploadedAlready();
    } catch (IOException e) {
      throw new StoreFailure(e);
    } finally {
      arriving.leave(attachment.owner());
    }
  }

  private Received received(HttpServletRequest request, long size) throws IOException {
    if (request.getMethod().equals("PUT")) {
      return uploads.incoming().raw(request, size);
    }
    return uploads.incoming().form(request, size);
  }

  private void send(String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    DiskUploads.Opened opened = opened(Purpose.CONTENT, id, request);
    try {
      new Delivery(request, response)
          .send(opened.attachment(), uploads.content(opened.attachment()), opened.left());
    } catch (NoSuchFileException e) {
      throw noSuchFile();
    }
  }

  private DiskUploads.Opened opened(Purpose purpose, String id, HttpServletRequest request)
      throws IOException {
    return uploads
        .opened(purpose, id, request.getQueryString())
        .orElseThrow(FilesServlet::noSuchFile);
  }

  /// The same for an address that is wrong, is too old, or leads to nothing.
  private static Refusal noSuchFile() {
    return Refusal.notFound("There is no such file, or its address holds no longer.");
  }
}
