package dev.retune.agent;

import dev.retune.agent.core.Document;
import dev.retune.agent.core.Observation.Judged;
import dev.retune.agent.core.Ruling;
import dev.retune.agent.node.DocumentJudge;
import dev.retune.agent.node.Surroundings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadPoolExecutor;

/** Judges one document at a time away from the loop. Used by the loop's thread only. */
final class JudgeDesk implements AutoCloseable {
  private static final Logger LOG = System.getLogger(JudgeDesk.class.getName());

  private final DocumentJudge judge;
  private final Mailbox mailbox;
  private final ThreadPoolExecutor worker;
  private Question asked = new Question("", "");

  private record Question(String hash, String circumstances) {}

  JudgeDesk(DocumentJudge judge, Mailbox mailbox) {
    this.judge = judge;
    this.mailbox = mailbox;
    this.worker = Workers.one("judge");
  }

  /**
   * Asks about a document, unless its answer is under way or was the last one given.
   *
   * @param circumstances what else the answer depends on
   * @param surroundings what the kubelet will be started with besides
   * @return whether the question is new
   */
  boolean ask(Document document, String circumstances, Surroundings surroundings) {
    var question = new Question(document.hash(), circumstances);
    if (asked.equals(question)) {
      return false;
    }
    asked = question;
    worker.execute(() -> judge(document, circumstances, surroundings));
    return true;
  }

  private void judge(Document document, String circumstances, Surroundings surroundings) {
    try {
      mailbox.ruled(
          new Judged(document.hash(), circumstances, judge.judge(document, surroundings)));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      // Without an answer the document would wait for ever, and nobody would know why.
      LOG.log(Level.ERROR, "the judge failed", broken);
      mailbox.ruled(
          new Judged(
              document.hash(),
              circumstances,
              new Ruling.Refused(
                  Ruling.Stage.VALIDATE,
                  "JudgeFailed",
                  "the agent could not judge the document: "
                      + broken
                      + "; its log has more. It is judged again when it changes or when the agent"
                      + " is restarted.")));
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
