package dev.gatehouse.agent.files;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.StoreFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Attachments noted in a map, which can fail.
final class Notes implements Attachments {
  private final Map<String, Attachment> byId = new ConcurrentHashMap<>();
  private volatile boolean down;

  /// From now on nothing can be noted or found.
  void goDown() {
    down = true;
  }

  @Override
  public void save(Attachment attachment) {
    byId().put(attachment.id(), attachment);
  }

  @Override
  public Optional<Attachment> find(String owner, String id) {
    return Optional.ofNullable(byId().get(id)).filter(one -> one.owner().equals(owner));
  }

  @Override
  public boolean delete(String owner, String id) {
    return find(owner, id).isPresent() && byId().remove(id) != null;
  }

  @Override
  public List<String> ids() {
    return List.copyOf(byId().keySet());
  }

  @Override
  public Unsent unsent(String owner) {
    List<Attachment> all =
        byId().values().stream().filter(one -> one.owner().equals(owner)).toList();
    return new Unsent(all.size(), all.stream().mapToLong(Attachment::size).sum());
  }

  private Map<String, Attachment> byId() {
    if (down) {
      throw new StoreFailure(new IOException("unplugged"));
    }
    return byId;
  }
}
