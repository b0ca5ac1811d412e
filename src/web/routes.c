#include "kvitok/web/routes.h"

#include "kvitok/domain/ref.h"
#include "kvitok/web/handlers.h"

#define BODY_MAX 65536 /* of JSON; nginx has the same limit */
#define FORM_MAX 16384
#define BANK_MAX 16384
#define LOGIN_MAX 4096

/* Any one of the rights opens the address. */
#define PAY RIGHT_PAY
#define READ RIGHT_READ
#define REFUND RIGHT_REFUND
#define REPORT RIGHT_REPORT
#define ADMIN RIGHT_ADMIN
#define EXPORT (RIGHT_REPORT | RIGHT_OF_SUPPLIER)
#define EITHER (RIGHT_PAY | RIGHT_READ)

/* More specific patterns stand above those that would take them in. */
const struct route web_routes[] = {
	{ HTTP_GET, "/api/v1/suppliers", WEB_API, EITHER, KIND_LIST, 0,
	    api_suppliers },
	{ HTTP_GET, "/api/v1/accounts/{supplier}/{number}", WEB_API, EITHER,
	    KIND_API, 0, api_account },
	{ HTTP_PUT, "/api/v1/payers/{payer}/exemption", WEB_API, ADMIN,
	    KIND_API, BODY_MAX, api_exempt_put },
	{ HTTP_GET, "/api/v1/payers/{payer}/exemption", WEB_API, ADMIN,
	    KIND_API, 0, api_exempt_get },
	{ HTTP_DELETE, "/api/v1/payers/{payer}/exemption", WEB_API, ADMIN,
	    KIND_API, 0, api_exempt_delete },
	{ HTTP_PUT, "/api/v1/accounts/{supplier}/{number}/exemption", WEB_API,
	    ADMIN, KIND_API, BODY_MAX, api_exempt_put },
	{ HTTP_GET, "/api/v1/accounts/{supplier}/{number}/exemption", WEB_API,
	    ADMIN, KIND_API, 0, api_exempt_get },
	{ HTTP_DELETE, "/api/v1/accounts/{supplier}/{number}/exemption",
	    WEB_API, ADMIN, KIND_API, 0, api_exempt_delete },
	{ HTTP_GET, "/api/v1/accounts/{supplier}/{number}/balance", WEB_API,
	    READ, KIND_API, 0, api_balance },
	{ HTTP_GET, "/api/v1/accounts/{supplier}/{number}/statements", WEB_API,
	    READ, KIND_LIST, 0, api_statements },
	{ HTTP_GET, "/api/v1/accounts/{supplier}/{number}/bills/{file}",
	    WEB_API, READ, KIND_API, 0, api_bill },
	{ HTTP_PUT, "/api/v1/accounts/{supplier}/{number}/mailing", WEB_API,
	    PAY, KIND_API, BODY_MAX, api_mailing_put },
	{ HTTP_GET, "/api/v1/accounts/{supplier}/{number}/mailing", WEB_API,
	    EITHER, KIND_API, 0, api_mailing_get },
	{ HTTP_DELETE, "/api/v1/accounts/{supplier}/{number}/mailing", WEB_API,
	    PAY, KIND_API, 0, api_mailing_delete },
	{ HTTP_POST, "/api/v1/quotes", WEB_API, EITHER, KIND_API, BODY_MAX,
	    api_quote },
	{ HTTP_POST, "/api/v1/payments", WEB_API, PAY, KIND_API, BODY_MAX,
	    api_create },
	{ HTTP_GET, "/api/v1/payments", WEB_API, READ, KIND_LIST, 0,
	    api_payments },
	{ HTTP_GET, "/api/v1/payments/{number}", WEB_API, READ, KIND_API, 0,
	    api_payment },
	{ HTTP_POST, "/api/v1/payments/{number}/cancel", WEB_API, PAY, KIND_API,
	    BODY_MAX, api_cancel },
	{ HTTP_POST, "/api/v1/payments/{number}/refunds", WEB_API, REFUND,
	    KIND_API, BODY_MAX, api_refund },
	{ HTTP_GET, "/api/v1/payments/{number}/refunds", WEB_API, READ | REFUND,
	    KIND_API, 0, api_refunds },
	{ HTTP_GET, "/api/v1/payments/{number}/receipt.pdf", WEB_API, READ,
	    KIND_API, 0, api_receipt },
	{ HTTP_GET, "/api/v1/payments/{number}/story", WEB_API, READ, KIND_API,
	    0, api_story },
	{ HTTP_GET, "/api/v1/cases", WEB_API, READ, KIND_LIST, 0, api_cases },
	{ HTTP_GET, "/api/v1/cases/{id}", WEB_API, READ, KIND_API, 0,
	    api_case },
	{ HTTP_POST, "/api/v1/cases/{id}/take", WEB_API, ADMIN, KIND_API,
	    BODY_MAX, api_case_take },
	{ HTTP_POST, "/api/v1/cases/{id}/release", WEB_API, ADMIN, KIND_API,
	    BODY_MAX, api_case_release },
	{ HTTP_POST, "/api/v1/cases/{id}/resolve", WEB_API, ADMIN, KIND_API,
	    BODY_MAX, api_case_resolve },

	{ HTTP_GET, "/api/v1/cards", WEB_API, EITHER, KIND_LIST, 0, api_cards },
	{ HTTP_POST, "/api/v1/cards", WEB_API, PAY, KIND_API, BODY_MAX,
	    api_card_bind },
	{ HTTP_GET, "/api/v1/cards/offers", WEB_API, EITHER, KIND_API, 0,
	    api_card_offers },
	{ HTTP_DELETE, "/api/v1/cards/{id}", WEB_API, PAY, KIND_LIST, 0,
	    api_card_unbind },
	{ HTTP_POST, "/api/v1/cards/{id}/default", WEB_API, PAY, KIND_API,
	    BODY_MAX, api_card_default },
	{ HTTP_GET, "/api/v1/registers", WEB_API, REPORT, KIND_LIST, 0,
	    api_registers },
	{ HTTP_GET, "/api/v1/reconciliation", WEB_API, REPORT, KIND_LIST, 0,
	    api_reconciliation },
	{ HTTP_GET, "/api/v1/settlements", WEB_API, REPORT | ADMIN, KIND_LIST,
	    0, api_settlements },
	{ HTTP_GET, "/api/v1/settlements/orders", WEB_REPORT, REPORT, KIND_LIST,
	    0, api_settlement_orders },
	{ HTTP_GET, "/api/v1/settlements/{id}", WEB_API, REPORT | ADMIN,
	    KIND_API, 0, api_settlement },
	{ HTTP_GET, "/api/v1/settlements/{id}/items", WEB_API, REPORT | ADMIN,
	    KIND_LIST, 0, api_settlement_items },
	{ HTTP_POST, "/api/v1/settlements/{id}/confirm", WEB_API, ADMIN,
	    KIND_API, BODY_MAX, api_settlement_confirm },
	{ HTTP_GET, "/api/v1/settlements/{id}/order", WEB_REPORT, REPORT,
	    KIND_LIST, 0, api_settlement_order },
	{ HTTP_GET, "/api/v1/settlements/{id}/register", WEB_REPORT, REPORT,
	    KIND_API, 0, api_settlement_register },

	{ HTTP_GET, "/api/v1/reports", WEB_REPORT, EXPORT, KIND_API, 0,
	    api_reports },
	{ HTTP_POST, "/api/v1/reports", WEB_REPORT, EXPORT, KIND_API, BODY_MAX,
	    api_report_ask },
	{ HTTP_GET, "/api/v1/reports/{id}", WEB_REPORT, EXPORT, KIND_API, 0,
	    api_report },
	{ HTTP_GET, "/api/v1/reports/{id}/file", WEB_REPORT, EXPORT, KIND_API,
	    0, api_report_file },

	{ HTTP_GET, "/bank/sberbank/callback", WEB_BANK, 0, KIND_BANK, 0,
	    bank_sberbank },
	{ HTTP_POST, "/bank/sberbank/callback", WEB_BANK, 0, KIND_BANK,
	    BANK_MAX, bank_sberbank },
	{ HTTP_GET, "/bank/gazprombank/check", WEB_BANK, 0, KIND_BANK, 0,
	    bank_gazprombank_check },
	{ HTTP_GET, "/bank/gazprombank/register", WEB_BANK, 0, KIND_BANK, 0,
	    bank_gazprombank_register },

	{ HTTP_GET, "/pay/{token}", WEB_PAY, 0, KIND_PAGE, 0, page_pay },
	{ HTTP_GET, "/return/{token}", WEB_API, 0, KIND_PAGE, 0, page_result },
	{ HTTP_GET, "/return/{token}/receipt.pdf", WEB_API, 0, KIND_PAGE, 0,
	    page_receipt },

	{ HTTP_GET, "/pay/{token}/card", WEB_PAY, 0, KIND_PAGE, 0, page_bind },
	{ HTTP_GET, "/pay/{token}/choose", WEB_PAY, 0, KIND_PAGE, 0,
	    page_choose },
	{ HTTP_POST, "/pay/{token}/choose", WEB_PAY, 0, KIND_PAGE, FORM_MAX,
	    page_chosen },
	{ HTTP_GET, "/return/{token}/card", WEB_API, 0, KIND_PAGE, 0,
	    page_bound },
	{ HTTP_GET, "/offer/{contract}/{version}", WEB_API, 0, KIND_PAGE, 0,
	    page_offer },

	{ HTTP_GET, "/mailing/{token}", WEB_API, 0, KIND_PAGE, 0,
	    page_mailing },
	{ HTTP_POST, "/mailing/{token}", WEB_API, 0, KIND_PAGE, FORM_MAX,
	    page_mailing_stop },

	/* A password takes 19 MiB and a tenth of a second: never in the pools
	 * that payers wait for. */
	{ HTTP_GET, "/cabinet/login", WEB_REPORT, 0, KIND_PAGE, 0,
	    page_login_form },
	{ HTTP_POST, "/cabinet/login", WEB_REPORT, 0, KIND_PAGE, LOGIN_MAX,
	    page_login },
	{ HTTP_POST, "/cabinet/logout", WEB_REPORT, 0, KIND_PAGE, LOGIN_MAX,
	    page_logout },
	{ HTTP_GET, "/cabinet/password", WEB_REPORT, 0, KIND_PAGE, 0,
	    page_password_form },
	{ HTTP_POST, "/cabinet/password", WEB_REPORT, 0, KIND_PAGE, LOGIN_MAX,
	    page_password },

	{ HTTP_GET, "/healthz", WEB_ANY, 0, KIND_SERVICE, 0, service_health },
	{ HTTP_GET, "/readyz", WEB_ANY, 0, KIND_SERVICE, 0, service_ready },
	{ HTTP_GET, "/metrics", WEB_ANY, 0, KIND_SERVICE, 0, service_metrics },

	{ HTTP_GET, "/static/{file}", WEB_API, 0, KIND_PAGE, 0, static_file },
	{ HTTP_GET, "/favicon.ico", WEB_API, 0, KIND_PAGE, 0, static_favicon },
	{ HTTP_GET, "/robots.txt", WEB_API, 0, KIND_PAGE, 0, static_robots },

	{ HTTP_POST, "/web/{portal}/quote", WEB_API, 0, KIND_OWN, BODY_MAX,
	    own_quote },
	{ HTTP_POST, "/web/{portal}/payments", WEB_API, 0, KIND_OWN, BODY_MAX,
	    own_create },
	{ HTTP_GET, "/", WEB_API, 0, KIND_PAGE, 0, page_index },
	{ HTTP_GET, "/{portal}", WEB_API, 0, KIND_PAGE, 0, page_portal_bare },
	{ HTTP_GET, "/{portal}/", WEB_API, 0, KIND_PAGE, 0, page_portal },
	{ HTTP_POST, "/{portal}/pay", WEB_API, 0, KIND_PAGE, FORM_MAX,
	    page_portal_pay },
};

const size_t web_routes_len = KV_COUNT(web_routes);
