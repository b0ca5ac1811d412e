/*
 * handlers: what routes.c points to, one file per group of addresses.
 *
 * Each reads its form, calls one use-case and sets the reply; they fail as
 * that use-case does, and with what their form refuses.
 */
#ifndef KVITOK_WEB_HANDLERS_H
#define KVITOK_WEB_HANDLERS_H

#include "kvitok/web/turn.h"

/* api_reference.c */
KV_MUST_CHECK enum err api_suppliers(struct turn *t);
KV_MUST_CHECK enum err api_account(struct turn *t);

/* api_balance.c */
KV_MUST_CHECK enum err api_balance(struct turn *t);
KV_MUST_CHECK enum err api_statements(struct turn *t);

/* api_supplied.c */
KV_MUST_CHECK enum err api_outages(struct turn *t);
KV_MUST_CHECK enum err api_contracts(struct turn *t);
KV_MUST_CHECK enum err api_acts(struct turn *t);
KV_MUST_CHECK enum err api_subscriber(struct turn *t);

/* api_appeal.c */
KV_MUST_CHECK enum err api_appeal_create(struct turn *t);
KV_MUST_CHECK enum err api_appeals(struct turn *t);
KV_MUST_CHECK enum err api_appeal(struct turn *t);
KV_MUST_CHECK enum err api_appeal_close(struct turn *t);

/* api_appeal_file.c */
KV_MUST_CHECK enum err api_appeal_file_rules(struct turn *t);
KV_MUST_CHECK enum err api_appeal_file_bring(struct turn *t);
KV_MUST_CHECK enum err api_appeal_files(struct turn *t);
KV_MUST_CHECK enum err api_appeal_file(struct turn *t);

/* api_bill.c */
KV_MUST_CHECK enum err api_bill(struct turn *t);

/* api_mailing.c, page_mailing.c */
KV_MUST_CHECK enum err api_mailing_put(struct turn *t);
KV_MUST_CHECK enum err api_mailing_get(struct turn *t);
KV_MUST_CHECK enum err api_mailing_delete(struct turn *t);
KV_MUST_CHECK enum err page_mailing(struct turn *t);
KV_MUST_CHECK enum err page_mailing_stop(struct turn *t);

/* api_pay.c; own_*: for the script of our page */
KV_MUST_CHECK enum err api_quote(struct turn *t);
KV_MUST_CHECK enum err api_create(struct turn *t);
KV_MUST_CHECK enum err own_quote(struct turn *t);
KV_MUST_CHECK enum err own_create(struct turn *t);

/* api_payments.c */
KV_MUST_CHECK enum err api_payment(struct turn *t);
KV_MUST_CHECK enum err api_payments(struct turn *t);
KV_MUST_CHECK enum err api_cancel(struct turn *t);
KV_MUST_CHECK enum err api_receipt(struct turn *t);
KV_MUST_CHECK enum err api_story(struct turn *t);

/* api_refund.c */
KV_MUST_CHECK enum err api_refund(struct turn *t);
KV_MUST_CHECK enum err api_refunds(struct turn *t);

/* api_exempt.c: of a payer, or of an account */
KV_MUST_CHECK enum err api_exempt_put(struct turn *t);
KV_MUST_CHECK enum err api_exempt_get(struct turn *t);
KV_MUST_CHECK enum err api_exempt_delete(struct turn *t);
/* api_cards.c */
KV_MUST_CHECK enum err api_cards(struct turn *t);
KV_MUST_CHECK enum err api_card_bind(struct turn *t);
KV_MUST_CHECK enum err api_card_offers(struct turn *t);
KV_MUST_CHECK enum err api_card_unbind(struct turn *t);
KV_MUST_CHECK enum err api_card_default(struct turn *t);

/* page_card.c */
KV_MUST_CHECK enum err page_bind(struct turn *t);
KV_MUST_CHECK enum err page_bound(struct turn *t);
KV_MUST_CHECK enum err page_offer(struct turn *t);
/* page_choose.c */
KV_MUST_CHECK enum err page_choose(struct turn *t);
KV_MUST_CHECK enum err page_chosen(struct turn *t);

/* api_settle.c */
KV_MUST_CHECK enum err api_settlements(struct turn *t);
KV_MUST_CHECK enum err api_reports(struct turn *t);
KV_MUST_CHECK enum err api_report_ask(struct turn *t);
KV_MUST_CHECK enum err api_report(struct turn *t);
KV_MUST_CHECK enum err api_report_file(struct turn *t);
KV_MUST_CHECK enum err api_settlement(struct turn *t);
KV_MUST_CHECK enum err api_settlement_items(struct turn *t);
KV_MUST_CHECK enum err api_settlement_confirm(struct turn *t);
KV_MUST_CHECK enum err api_settlement_orders(struct turn *t);
KV_MUST_CHECK enum err api_settlement_order(struct turn *t);
KV_MUST_CHECK enum err api_settlement_register(struct turn *t);

/* api_exchange.c: of the supplier that a key is bound to */
KV_MUST_CHECK enum err api_exchange(struct turn *t);
KV_MUST_CHECK enum err api_exchange_bring(struct turn *t);
KV_MUST_CHECK enum err api_exchange_documents(struct turn *t);
KV_MUST_CHECK enum err api_exchange_document(struct turn *t);
KV_MUST_CHECK enum err api_exchange_outgoing(struct turn *t);
KV_MUST_CHECK enum err api_exchange_paper(struct turn *t);
KV_MUST_CHECK enum err api_exchange_taken(struct turn *t);

/* api_case.c */
KV_MUST_CHECK enum err api_cases(struct turn *t);
KV_MUST_CHECK enum err api_case(struct turn *t);
KV_MUST_CHECK enum err api_case_take(struct turn *t);
KV_MUST_CHECK enum err api_case_release(struct turn *t);
KV_MUST_CHECK enum err api_case_resolve(struct turn *t);

/* api_register.c */
KV_MUST_CHECK enum err api_registers(struct turn *t);
KV_MUST_CHECK enum err api_reconciliation(struct turn *t);

/* bank_notice.c */
KV_MUST_CHECK enum err bank_sberbank(struct turn *t);
KV_MUST_CHECK enum err bank_gazprombank_check(struct turn *t);
KV_MUST_CHECK enum err bank_gazprombank_register(struct turn *t);

/* page_pay.c, page_result.c */
KV_MUST_CHECK enum err page_pay(struct turn *t);
KV_MUST_CHECK enum err page_result(struct turn *t);
KV_MUST_CHECK enum err page_receipt(struct turn *t);

/* page_portal.c */
KV_MUST_CHECK enum err page_index(struct turn *t);
KV_MUST_CHECK enum err page_portal(struct turn *t);
KV_MUST_CHECK enum err page_portal_bare(struct turn *t);
KV_MUST_CHECK enum err page_portal_pay(struct turn *t);

/* page_login.c */
KV_MUST_CHECK enum err page_login_form(struct turn *t);
KV_MUST_CHECK enum err page_login(struct turn *t);
KV_MUST_CHECK enum err page_logout(struct turn *t);
KV_MUST_CHECK enum err page_password_form(struct turn *t);
KV_MUST_CHECK enum err page_password(struct turn *t);
/* page_cabinet*.c: the accountant's pages */
KV_MUST_CHECK enum err page_cabinet(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_bare(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_reports(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_count(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_schedules(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_schedule_add(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_schedule_stop(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_order(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_report(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_report_file(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_settlements(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_settlement(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_settle_orders(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_settle_order(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_settle_register(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_confirm(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_confirmed(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_cases(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_case(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_case_take(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_case_release(struct turn *t);
KV_MUST_CHECK enum err page_cabinet_case_resolve(struct turn *t);

/* static.c */
KV_MUST_CHECK enum err static_file(struct turn *t);
KV_MUST_CHECK enum err static_favicon(struct turn *t);
KV_MUST_CHECK enum err static_robots(struct turn *t);

/* service.c */
KV_MUST_CHECK enum err service_health(struct turn *t);
KV_MUST_CHECK enum err service_ready(struct turn *t);
KV_MUST_CHECK enum err service_metrics(struct turn *t);

#endif
