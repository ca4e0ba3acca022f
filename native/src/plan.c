#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define MAGIC 0x50574c53U /* "SLWP" */
#define VERSION 1
#define HEADER 20
#define STEP_HEADER 8 /* operation, actor, phase, index */

static const struct {
	const char *name;
	const char *signature;
} operations[] = {
#define STEP(number, name, function, signature) [number] = {#name, signature},
#include "steps.def"
#undef STEP
};

const char *operation_signature(uint16_t operation)
{
	return operation < sizeof operations / sizeof *operations ? operations[operation].signature : NULL;
}

const char *operation_name(uint16_t operation)
{
	return operation_signature(operation) ? operations[operation].name : "?";
}

/* What is left of the input. Every take_… either takes all it wants or nothing, and then says -EBADMSG. */
struct input {
	const uint8_t *at;
	size_t left;
};

static int take(struct input *in, size_t size, const uint8_t **ret_bytes)
{
	if (in->left < size)
		return -EBADMSG;
	*ret_bytes = in->at;
	in->at += size;
	in->left -= size;
	return 0;
}

static int take_number(struct input *in, size_t size, uint64_t *ret_number)
{
	const uint8_t *bytes;

	if (take(in, size, &bytes) < 0)
		return -EBADMSG;
	*ret_number = 0;
	for (size_t i = 0; i < size; i++)
		*ret_number |= (uint64_t)bytes[i] << (8 * i);
	return 0;
}

static int take_u32(struct input *in, uint32_t *ret_number)
{
	uint64_t number;

	if (take_number(in, 4, &number) < 0)
		return -EBADMSG;
	*ret_number = (uint32_t)number;
	return 0;
}

static int take_string(struct input *in, const char **ret_string)
{
	uint32_t size;
	const uint8_t *bytes;

	if (take_u32(in, &size) < 0 || take(in, (size_t)size + 1, &bytes) < 0)
		return -EBADMSG;
	if (memchr(bytes, 0, (size_t)size + 1) != bytes + size)
		return -EBADMSG;
	*ret_string = (const char *)bytes;
	return 0;
}

static int take_strings(struct input *in, union value *ret_value)
{
	uint32_t count;

	if (take_u32(in, &count) < 0 || count > in->left / 5) /* each takes five bytes at least */
		return -EBADMSG;
	ret_value->l.at = calloc((size_t)count + 1, sizeof *ret_value->l.at);
	if (!ret_value->l.at)
		return -ENOMEM;
	ret_value->l.count = count;
	for (uint32_t i = 0; i < count; i++)
		if (take_string(in, &ret_value->l.at[i]) < 0)
			return -EBADMSG;
	return 0;
}

static int take_numbers(struct input *in, union value *ret_value)
{
	uint32_t count;

	if (take_u32(in, &count) < 0 || count > in->left / 4)
		return -EBADMSG;
	ret_value->n.at = calloc((size_t)count + 1, sizeof *ret_value->n.at);
	if (!ret_value->n.at)
		return -ENOMEM;
	ret_value->n.count = count;
	for (uint32_t i = 0; i < count; i++)
		if (take_u32(in, &ret_value->n.at[i]) < 0)
			return -EBADMSG;
	return 0;
}

static int take_field(struct input *in, char letter, union value *ret_value)
{
	uint64_t found;

	if (take_number(in, 1, &found) < 0 || found != (uint8_t)letter)
		return -EBADMSG;
	switch (letter) {
	case 'u':
		return take_u32(in, &ret_value->u);
	case 'q':
		return take_number(in, 8, &ret_value->q);
	case 's':
		return take_string(in, &ret_value->s);
	case 'b':
		if (take_u32(in, &ret_value->b.size) < 0)
			return -EBADMSG;
		return take(in, ret_value->b.size, &ret_value->b.at);
	case 'l':
		return take_strings(in, ret_value);
	default:
		return take_numbers(in, ret_value);
	}
}

static int take_step(struct input *in, uint32_t index, struct step *ret_step)
{
	uint32_t size;
	uint64_t operation, actor, phase;
	const uint8_t *bytes;
	const char *signature;
	union value *fields;

	if (take_u32(in, &size) < 0 || size < STEP_HEADER || take(in, size, &bytes) < 0)
		return -EBADMSG;

	struct input body = {bytes, size};
	if (take_number(&body, 2, &operation) < 0 || take_number(&body, 1, &actor) < 0 ||
		take_number(&body, 1, &phase) < 0 || take_u32(&body, &ret_step->index) < 0)
		return -EBADMSG;
	signature = operation_signature((uint16_t)operation);
	if (!signature || actor > CALLER || ret_step->index != index)
		return -EBADMSG;
	fields = calloc(strlen(signature) + 1, sizeof *fields);
	if (!fields)
		return -ENOMEM;
	/* held by the step from here on, so that plan_close finds it, and its lists, also after a failure */
	ret_step->operation = (uint16_t)operation;
	ret_step->actor = (uint8_t)actor;
	ret_step->phase = (uint8_t)phase;
	ret_step->field = fields;
	for (size_t i = 0; signature[i]; i++) {
		int r = take_field(&body, signature[i], &fields[i]);

		if (r < 0)
			return r;
	}
	return body.left == 0 ? 0 : -EBADMSG;
}

int plan_decode(const uint8_t *bytes, size_t size, struct plan *ret_plan)
{
	struct input in = {bytes, size};
	uint32_t magic, version, kind, count, total;
	struct plan plan = {0};

	*ret_plan = plan;
	if (take_u32(&in, &magic) < 0 || take_u32(&in, &version) < 0 || take_u32(&in, &kind) < 0 ||
		take_u32(&in, &count) < 0 || take_u32(&in, &total) < 0)
		return -EBADMSG;
	if (magic != MAGIC || version != VERSION || kind > PLAN_START || total != size ||
		count > in.left / (4 + STEP_HEADER))
		return -EBADMSG;
	plan.kind = (enum plan_kind)kind;
	plan.steps = calloc((size_t)count + 1, sizeof *plan.steps);
	if (!plan.steps)
		return -ENOMEM;
	for (; plan.count < count; plan.count++) {
		int r = take_step(&in, plan.count, &plan.steps[plan.count]);

		if (r < 0) {
			plan.count++; /* so that what this step holds already is freed too */
			plan_close(&plan);
			return r;
		}
	}
	if (in.left > 0) {
		plan_close(&plan);
		return -EBADMSG;
	}
	*ret_plan = plan;
	return 0;
}

int plan_open(int fd, struct plan *ret_plan)
{
	const int needed = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK;
	struct stat about;
	void *mapping;
	int r, seals = fcntl(fd, F_GET_SEALS);

	*ret_plan = (struct plan){0};
	if (seals < 0 || (seals & needed) != needed)
		return -EPERM;
	if (fstat(fd, &about) < 0)
		return -errno;
	if (about.st_size < HEADER || about.st_size > UINT32_MAX)
		return -EBADMSG;
	mapping = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (mapping == MAP_FAILED)
		return -errno;
	r = plan_decode(mapping, (size_t)about.st_size, ret_plan);
	if (r < 0) {
		(void)munmap(mapping, (size_t)about.st_size);
		return r;
	}
	ret_plan->mapping = mapping;
	ret_plan->size = (size_t)about.st_size;
	return 0;
}

static void free_fields(const struct step *step)
{
	const char *signature = operation_signature(step->operation);

	if (!step->field)
		return;
	for (size_t i = 0; signature[i]; i++) {
		if (signature[i] == 'l')
			free(step->field[i].l.at);
		else if (signature[i] == 'n')
			free(step->field[i].n.at);
	}
	free((void *)step->field);
}

void plan_close(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->count; i++)
		free_fields(&plan->steps[i]);
	free(plan->steps);
	if (plan->mapping)
		(void)munmap(plan->mapping, plan->size);
	*plan = (struct plan){0};
}
