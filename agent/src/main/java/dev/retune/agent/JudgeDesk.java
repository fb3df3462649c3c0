package dev.retune.agent;

import dev.retune.agent.core.Document;
import dev.retune.agent.core.Observation.Judged;
import dev.retune.agent.core.Ruling;
import dev.retune.agent.node.DocumentJudge;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Judges one document at a time away from the loop. Used by the loop's thread only. */
final class JudgeDesk implements AutoCloseable {
  private static final Logger LOG = System.getLogger(JudgeDesk.class.getName());

  private final DocumentJudge judge;
  private final Mailbox mailbox;
  private final ThreadPoolExecutor worker;
  private String asked = "";

  JudgeDesk(DocumentJudge judge, Mailbox mailbox) {
    this.judge = judge;
    this.mailbox = mailbox;
    this.worker =
        new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("judge").daemon().factory());
    worker.allowCoreThreadTimeOut(true);
  }

  /**
   * Asks about a document, unless its answer is under way or was the last one given.
   *
   * @return whether the question is new
   */
  boolean ask(Document document, List<String> commandLine) {
    if (asked.equals(document.hash())) {
      return false;
    }
    asked = document.hash();
    worker.execute(() -> judge(document, commandLine));
    return true;
  }

  private void judge(Document document, List<String> commandLine) {
    try {
      mailbox.ruled(new Judged(document.hash(), judge.judge(document, commandLine)));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      // Without an answer the document would wait for ever, and nobody would know why.
      LOG.log(Level.ERROR, "the judge failed", broken);
      mailbox.ruled(
          new Judged(
              document.hash(),
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
