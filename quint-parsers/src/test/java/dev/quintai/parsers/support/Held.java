package dev.quintai.parsers.support;

import dev.quintai.core.spi.LlmHandler;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** What an object of ours holds on to. */
public final class Held {

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> todo = new ArrayDeque<>();
  private int largest;

  private Held() {}

  /** The number of elements of the largest collection that can be reached from {@code root}. */
  public static int largestCollection(Object root) {
    Held held = new Held();
    held.add(root);
    while (!held.todo.isEmpty()) {
      held.look(held.todo.pop());
    }
    return held.largest;
  }

  private void add(Object value) {
    if (value != null && seen.add(value)) {
      todo.push(value);
    }
  }

  private void look(Object value) {
    if (value instanceof LlmHandler) {
      return; // the caller's
    }
    if (value instanceof Collection<?> some) {
      largest = Math.max(largest, some.size());
      some.forEach(this::add);
    } else if (value instanceof Map<?, ?> map) {
      largest = Math.max(largest, map.size());
      map.values().forEach(this::add);
    } else if (value instanceof Object[] array) {
      for (int i = 0; i < Array.getLength(array); i++) {
        add(array[i]);
      }
    } else {
      Class<?> type = value.getClass();
      while (type != null && type.getName().startsWith("dev.quintai.")) {
        fields(type, value);
        type = type.getSuperclass();
      }
    }
  }

  private void fields(Class<?> type, Object value) {
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
        try {
          field.setAccessible(true);
          add(field.get(value));
        } catch (ReflectiveOperationException | RuntimeException e) {
          // Records of core and the like hold nothing that grows.
        }
      }
    }
  }
}
