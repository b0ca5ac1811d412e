#include "kvitok/sim/control.h"

#include "kvitok/sim/wallet.h"

static void
write_card(struct jw *w, const struct saved_card *s)
{
	jw_object(w);
	jw_ktext(w, "id", str_of(s->id));
	jw_ktext(w, "contract", s->c->name);
	jw_ktext(w, "client_id", str_of(s->client_id));
	jw_ktext(w, "mask", str_of(s->card.mask_new));
	jw_ktext(w, "expiry", str_of(s->card.expiry));
	jw_kbool(w, "active", s->active);
	jw_ktime(w, "saved_at", s->saved_at);
	jw_object_end(w);
}

void
control_cards(struct req *r)
{
	struct str client = pairs_get(&r->query, "client_id");
	struct str id = pairs_get(&r->query, "id");
	const struct saved_card *s;
	struct jw w;

	control_json(r, &w);
	jw_object(&w);
	jw_key(&w, "cards");
	jw_list(&w);
	for (size_t i = 0; (s = wallet_at(r->w->wallet, i)); i++)
		if ((client.len == 0 || str_eq(client, str_of(s->client_id))) &&
		    (id.len == 0 || str_eq(id, str_of(s->id))))
			write_card(&w, s);
	jw_list_end(&w);
	jw_object_end(&w);
}

static struct saved_card *
find(struct wallet *w, struct str id)
{
	struct saved_card *s = NULL;

	for (size_t i = 0; (s = wallet_at(w, i)); i++)
		if (str_eq(str_of(s->id), id))
			break;
	return s;
}

/* The bank or its payer does something to a card: active, expired. */
void
control_card_set(struct req *r)
{
	static const char *const known[] = { "id", "active", "expired", NULL };
	const struct json *j;
	struct saved_card *s;
	struct str id = STR_NONE;
	bool active, expired = false;
	struct jw w;

	if (!control_body(r, known, &j))
		return;
	s = json_text(json_get(j, "id"), &id) ? find(r->w->wallet, id) : NULL;
	if (!s) {
		control_refuse(r, 404, "id: no such card");
		return;
	}
	if (json_bool(json_get(j, "active"), &active))
		s->active = active;
	/* The bank refuses it; what it has printed on it stays. */
	if (json_bool(json_get(j, "expired"), &expired) && expired)
		s->card.rule = card_rule_find(STR("expired"));
	control_json(r, &w);
	write_card(&w, s);
}
