package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.Uploads;
import java.util.List;

/// Attachments from the point of view of a conversation.
record Shelf(Attachments attachments, Uploads uploads) {

  /// @throws Declined if one of them is not the owner's, or was not uploaded
  List<Attachment> uploaded(String owner, List<String> ids) {
    return ids.stream().distinct().map(id -> uploaded(owner, id)).toList();
  }

  private Attachment uploaded(String owner, String id) {
    Attachment attachment =
        attachments.find(owner, id).orElseThrow(() -> new Declined("There is no such attachment."));
    if (!uploads.isThere(attachment)) {
      throw new Declined("An attachment was not uploaded.");
    }
    return attachment;
  }
}
