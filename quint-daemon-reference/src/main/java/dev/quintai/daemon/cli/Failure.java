package dev.quintai.daemon.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** An error that a person can do something about: the message says what. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with its whole story in one sentence. */
  public Failure(String message) {
    super(message);
  }

  /** An error with its whole story in one sentence, and what caused it. */
  public Failure(String message, Throwable cause) {
    super(message, cause);
  }

  /** One line that says what went wrong, for any exception. */
  public static String explain(Throwable exception) {
    if (exception instanceof Failure) {
      return exception.getMessage();
    } else if (exception instanceof UncheckedIOException unchecked) {
      return explain(unchecked.getCause());
    } else if (exception instanceof NoSuchFileException missing) {
      return missing.getFile()
          + ": "
          + (missing.getReason() == null ? "no such file" : missing.getReason());
    } else if (exception instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    } else if (exception instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + ": exists already";
    } else if (exception instanceof FileSystemException file) {
      return file.getFile() + ": " + (file.getReason() == null ? file : file.getReason());
    } else if (exception instanceof IOException && exception.getMessage() != null) {
      return exception.getMessage();
    }
    return exception.toString();
  }
}
