/* The stub, for the tests in Java: dev.quintai.esjni.EsStub. */
#include <jni.h>

#include "stub.h"

JNIEXPORT void JNICALL Java_dev_quintai_esjni_EsStub_prepare(JNIEnv *env, jclass type, jint result, jint failures) {
  (void)env;
  (void)type;
  stub_prepare(result, (unsigned)failures);
}

JNIEXPORT jint JNICALL Java_dev_quintai_esjni_EsStub_repeat(JNIEnv *env, jclass type, jstring lines, jint times) {
  (void)type;
  const char *text = (*env)->GetStringUTFChars(env, lines, NULL);
  if (text == NULL) {
    return -1;
  }
  int bad = stub_repeat(text, times);
  (*env)->ReleaseStringUTFChars(env, lines, text);
  return bad;
}

JNIEXPORT jstring JNICALL Java_dev_quintai_esjni_EsStub_report(JNIEnv *env, jclass type) {
  (void)type;
  char text[1024];
  stub_report(text, sizeof text);
  return (*env)->NewStringUTF(env, text);
}
