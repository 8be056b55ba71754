/* What dev.quintai.esjni.EsLibrary calls. Nothing here calls back into Java. */
#include <jni.h>
#include <stdlib.h>

#include "bridge.h"
#include "refuse.h"

enum { ABI = 1 }; /* EsLibrary.ABI; changes with any function here, the ring or the record */

static jint abi(JNIEnv *env, jclass type) {
  (void)env;
  (void)type;
  return ABI;
}

static jint open_client(JNIEnv *env, jclass type, jobject ring, jint options) {
  (void)type;
  void *memory = (*env)->GetDirectBufferAddress(env, ring);
  jlong size = (*env)->GetDirectBufferCapacity(env, ring);
  return memory == NULL || size < 0 ? BRIDGE_BAD_RING : bridge_open(memory, (size_t)size, (unsigned)options);
}

static jint close_client(JNIEnv *env, jclass type) {
  (void)env;
  (void)type;
  return bridge_close();
}

static void mark(JNIEnv *env, jclass type, jint pid, jint version, jint state) {
  (void)env;
  (void)type;
  bridge_mark(pid, (uint32_t)version, (enum watch_state)state);
}

/* Kind 0 refuses, 1 declares, 2 forgets what was declared. */
static jboolean policy(JNIEnv *env, jclass type, jint kind, jbyteArray text) {
  (void)type;
  if (kind == 2) {
    refuse_forget();
    return JNI_TRUE;
  }
  jsize length = (*env)->GetArrayLength(env, text);
  char pattern[PATTERN_MAX + 1];
  if (length > PATTERN_MAX) {
    return JNI_FALSE;
  }
  (*env)->GetByteArrayRegion(env, text, 0, length, (jbyte *)pattern);
  pattern[length] = 0;
  return (kind == 0 ? refuse_add(pattern) : refuse_declare(pattern)) ? JNI_TRUE : JNI_FALSE;
}

static void read_statistics(JNIEnv *env, jclass type, jlongArray to) {
  (void)type;
  struct bridge_statistics now;
  bridge_statistics(&now);
  (*env)->SetLongArrayRegion(env, to, 0, BRIDGE_STATISTICS, (const jlong *)(const void *)&now);
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
  (void)reserved;
  static const JNINativeMethod methods[] = {
      {(char *)"abi", (char *)"()I", (void *)abi},
      {(char *)"open", (char *)"(Ljava/nio/ByteBuffer;I)I", (void *)open_client},
      {(char *)"close", (char *)"()I", (void *)close_client},
      {(char *)"mark", (char *)"(III)V", (void *)mark},
      {(char *)"policy", (char *)"(I[B)Z", (void *)policy},
      {(char *)"statistics", (char *)"([J)V", (void *)read_statistics},
  };
  JNIEnv *env;
  if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK) {
    return JNI_ERR;
  }
  jclass library = (*env)->FindClass(env, "dev/quintai/esjni/EsLibrary");
  if (library == NULL) {
    return JNI_ERR; /* with the exception of FindClass */
  }
  jint registered = (*env)->RegisterNatives(env, library, methods, sizeof methods / sizeof methods[0]);
  (*env)->DeleteLocalRef(env, library);
  return registered == JNI_OK ? JNI_VERSION_10 : JNI_ERR;
}
