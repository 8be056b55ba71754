/* Puts floor.bpf.c into the kernel until it is killed: floor OBJECT */
#include <bpf/libbpf.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct bpf_object *object = argc == 2 ? bpf_object__open(argv[1]) : NULL;
  struct bpf_program *program;
  if (object == NULL || bpf_object__load(object) != 0) {
    return 1;
  }
  bpf_object__for_each_program(program, object) {
    if (bpf_program__attach(program) == NULL) {
      return 1;
    }
  }
  pause();
  return 0;
}
