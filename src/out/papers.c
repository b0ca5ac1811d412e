#include "kvitok/out/orders.h"
#include "kvitok/out/registers.h"

static enum err
full(const struct buf *out, enum err rc, struct fault *f)
{
	return rc == ERR_OK && out->full
	    ? fault_set(f, ERR_LIMIT, "file_too_large", "%zu bytes", out->max)
	    : rc;
}

static enum err
orders(void *self, enum order_format format, const struct settlement *v,
    size_t len, struct buf *out, struct fault *f)
{
	(void)self;
	return full(out,
	    format == ORDER_1C ? orders_1c(v, len, out, f)
			       : orders_pain001(v, len, out, f),
	    f);
}

static const struct {
	enum err (*begin)(
	    const struct pay_register *, struct buf *, struct fault *);
	enum err (*row)(const struct pay_register *, const struct pay_row *,
	    struct buf *, struct fault *);
	enum err (*end)(
	    const struct pay_register *, struct buf *, struct fault *);
} forms[PAY_FILE__COUNT] = {
	[PAY_CSV] = { reg_csv_begin, reg_csv_row, reg_csv_end },
	[PAY_XML] = { reg_xml_begin, reg_xml_row, reg_xml_end },
	[PAY_DBF] = { reg_dbf_begin, reg_dbf_row, reg_dbf_end },
};

static enum err
register_begin(
    void *self, const struct pay_register *r, struct buf *out, struct fault *f)
{
	(void)self;
	return full(out, forms[r->layout->kind].begin(r, out, f), f);
}

static enum err
register_row(void *self, const struct pay_register *r,
    const struct pay_row *row, struct buf *out, struct fault *f)
{
	(void)self;
	return full(out, forms[r->layout->kind].row(r, row, out, f), f);
}

static enum err
register_end(
    void *self, const struct pay_register *r, struct buf *out, struct fault *f)
{
	(void)self;
	return full(out, forms[r->layout->kind].end(r, out, f), f);
}

struct papers
papers_of(void)
{
	return (struct papers){ NULL, orders, register_begin, register_row,
		register_end };
}
