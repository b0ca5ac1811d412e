#include "kvitok/web/preview.h"

/* Headers in which browsers and proxies say that nobody has asked yet. */
static const char *const purposes[] = { "HTTP_PURPOSE", "HTTP_SEC_PURPOSE",
	"HTTP_X_PURPOSE", "HTTP_X_MOZ" };
static const char *const purpose_words[] = { "prefetch", "prerender", "preview",
	"instant" };

/* Parts of User-Agent, in lower case. */
static const char *const agents[] = {
	/* messengers and social networks */
	"whatsapp",
	"telegrambot",
	"viber",
	"facebookexternalhit",
	"facebot",
	"meta-externalagent",
	"twitterbot",
	"vkshare",
	"vkrobot",
	"odklbot",
	"slackbot",
	"slack-imgproxy",
	"discordbot",
	"skypeuripreview",
	"linkedinbot",
	"pinterestbot",
	"snap url preview",
	"google-pagerenderer",
	"googlemessages",
	"iframely",
	"embedly",
	"mattermost-bot",
	"rocket.chat",
	"matrix-bot",
	"synapse",
	"signal-desktop",
	"linkpreview",
	"link preview",
	"urlpreview",
	"preview bot",
	"maxbot",
	/* mail scanners */
	"microsoftpreview",
	"bingpreview",
	"safelinks",
	"barracuda",
	"mimecast",
	"proofpoint",
	"ironport",
	"kaspersky",
	"drweb",
	"mail.ru_bot",
	"mailru",
	"yandexmail",
	"googleimageproxy",
	"urlscan",
	"virustotal",
	/* search engines and watchers */
	"googlebot",
	"google-inspectiontool",
	"googleother",
	"bingbot",
	"yandex.com/bots",
	"yandexbot",
	"applebot",
	"duckduckbot",
	"baiduspider",
	"petalbot",
	"semrushbot",
	"ahrefsbot",
	"mj12bot",
	"bytespider",
	"gptbot",
	"claudebot",
	"uptimerobot",
	"crawler",
	"spider",
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
has(struct str s, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= s.len; i++) {
		size_t k = 0;

		while (k < len && lower(s.p[i + k]) == word[k])
			k++;
		if (k == len)
			return true;
	}
	return false;
}

static bool
is_prefetch(const struct request *r)
{
	for (size_t i = 0; i < KV_COUNT(purposes); i++)
		for (size_t k = 0; k < KV_COUNT(purpose_words); k++)
			if (has(request_env(r, purposes[i]), purpose_words[k]))
				return true;
	return false;
}

static bool
is_click(struct str query)
{
	bool more = query.len > 0;

	while (more) {
		struct str pair;

		more = str_cut(&query, '&', &pair);
		if (str_eq(pair, STR("go=1")))
			return true;
	}
	return false;
}

bool
preview_is(const struct request *r)
{
	struct str agent = request_env(r, "HTTP_USER_AGENT");

	if (r->method == HTTP_HEAD || is_prefetch(r))
		return true;
	if (is_click(r->query))
		return false;
	for (size_t i = 0; i < KV_COUNT(agents); i++)
		if (has(agent, agents[i]))
			return true;
	return false;
}
