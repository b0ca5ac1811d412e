#include "kvitok/app/working.h"

int64_t
working_jittered(const struct ports *p, int64_t pause)
{
	char dice[2];

	p->ids.text(p->ids.self, dice, 1);
	return pause + pause * ((unsigned char)dice[0] % 32) / 128;
}
