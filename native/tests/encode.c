#include "encode.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void put(struct encoded *out, const void *bytes, size_t size)
{
	if (size > sizeof out->bytes - out->size)
		abort();
	memcpy(out->bytes + out->size, bytes, size);
	out->size += size;
}

static void put_u32(struct encoded *out, uint32_t number)
{
	put(out, &number, sizeof number);
}

static void put_string(struct encoded *out, const char *string)
{
	put_u32(out, (uint32_t)strlen(string));
	put(out, string, strlen(string) + 1);
}

void encode_begin(struct encoded *out, enum plan_kind kind)
{
	out->size = 0;
	out->count = 0;
	put_u32(out, 0x50574c53);
	put_u32(out, 1);
	put_u32(out, kind);
	put_u32(out, 0);
	put_u32(out, (uint32_t)out->size + 4);
}

static void put_field(struct encoded *out, char letter, va_list *arguments)
{
	put(out, &letter, 1);
	if (letter == 'u') {
		put_u32(out, va_arg(*arguments, uint32_t));
	} else if (letter == 'q') {
		uint64_t number = va_arg(*arguments, uint64_t);

		put(out, &number, sizeof number);
	} else if (letter == 's') {
		put_string(out, va_arg(*arguments, const char *));
	} else if (letter == 'b') {
		const void *bytes = va_arg(*arguments, const void *);
		size_t size = va_arg(*arguments, size_t);

		put_u32(out, (uint32_t)size);
		put(out, bytes, size);
	} else if (letter == 'l') {
		const char *const *strings = va_arg(*arguments, const char *const *);
		uint32_t count = 0;

		while (strings[count])
			count++;
		put_u32(out, count);
		for (uint32_t i = 0; i < count; i++)
			put_string(out, strings[i]);
	} else {
		const uint32_t *numbers = va_arg(*arguments, const uint32_t *);
		size_t count = va_arg(*arguments, size_t);

		put_u32(out, (uint32_t)count);
		put(out, numbers, count * sizeof *numbers);
	}
}

void encode_step(struct encoded *out, enum actor actor, enum operation operation, ...)
{
	uint8_t head[8] = {(uint8_t)operation, (uint8_t)(operation >> 8), (uint8_t)actor, 0};
	size_t start = out->size;
	va_list arguments;
	uint32_t size;

	put_u32(out, 0);
	memcpy(head + 4, &out->count, 4);
	put(out, head, sizeof head);
	va_start(arguments, operation);
	for (const char *letter = operation_signature((uint16_t)operation); *letter; letter++)
		put_field(out, *letter, &arguments);
	va_end(arguments);
	size = (uint32_t)(out->size - start - 4);
	memcpy(out->bytes + start, &size, 4);
	out->count++;
	size = (uint32_t)out->size;
	memcpy(out->bytes + 12, &out->count, 4);
	memcpy(out->bytes + 16, &size, 4);
}

int encode_sealed(const struct encoded *plan)
{
	int fd = memfd_create("plan", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || write(fd, plan->bytes, plan->size) != (ssize_t)plan->size ||
		fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK) < 0)
		abort();
	return fd;
}
