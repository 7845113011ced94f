"""The words that people write in columns of choices, and what is stored for each.

Left what is stored ("" for a known word that means nothing known), right what is written: half width, lower case,
without spaces and full stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from desktop_crm.base.i18n import LANGUAGES, N_, _, using

WORDS: Mapping[str, Mapping[str, str]] = {
    "gender": {
        "female": "女|女性|女士|小姐|f|female|woman|ms|mrs|miss|0|夫人|太太",
        "male": "男|男性|先生|m|male|man|mr|1",
        "": "保密|其他|未知|2|other|secret|unspecified|unknown",
    },
    "language": {
        "zh_CN": "中文|汉语|普通话|国语|简体中文|chinese|mandarin|zh|zh-cn|zh_cn|cn",
        "en": "英文|英语|english|en-us|en-gb",
    },
    "yes": {
        "1": "是|√|✓|✔|y|yes|true|1|对|有|已",
        "0": "否|×|x|n|no|false|0|无|没有|未",
    },
    "consent": {
        "granted": "是|同意|已同意|√|✓|y|yes|true|1|granted|agreed",
        "refused": "否|不同意|拒绝|n|no|false|0|refused",
        "": "未询问|notasked",
    },
    "kind": {
        "person": "个人|个人客户|散客|终端客户|person|individual|consumer",
        "company": "公司|企业|企业客户|单位|集团客户|company|business|organization|organisation",
        "agent": "代理|代理商|经销商|agent|dealer|reseller",
        "channel": "渠道|渠道商|合作伙伴|channel|partner",
    },
    "channel": {
        "visit": "到店|进店|来店|上门|拜访|上门拜访|面谈|当面|门店|线下|visit|shop|instore|meeting",
        "call": "电话|电话沟通|电话拜访|电话回访|致电|来电|手机|call|phone|phonecall",
        "wechat": "微信|企业微信|wechat|weixin|微信沟通",
        "sms": "短信|sms|text",
        "email": "邮件|邮箱|email|e-mail",
        "other": "其他|其它|线上|qq|抖音|美团|平台|other|online",
    },
    "pay": {
        "cash": "现金|cash",
        "wechat": "微信|微信支付|wechat|wechatpay",
        "alipay": "支付宝|alipay|花呗",
        "card": "刷卡|银行卡|pos|信用卡|储蓄卡|card|creditcard|bankcard|转账|银行转账",
        "trade_in": "以旧换新|旧机抵扣|折抵|回收抵扣|trade-in|tradein|trade_in",
        "instalment": "分期|分期付款|花呗分期|信用卡分期|instalment|installment",
        "account": "赊账|赊欠|挂账|记账|欠款|onaccount",
        "other": "其他|其它|混合|组合支付|储值|余额|other|mixed",
    },
    "category": {
        "phone": "手机|整机|智能手机|二手手机|平板|phone|phones|smartphone|mobilephone",
        "accessory": "配件|手机配件|耳机|充电器|数据线|保护壳|手机壳|accessory|accessories",
        "service": "服务|维修|贴膜|保养|换屏|换电池|service|repair",
        "plan": "套餐|合约|号卡|宽带|plan|carrierplan",
        "other": "其他|其它|other",
    },
    "priority": {
        "high": "高|紧急|特急|严重|非常紧急|high|urgent|critical",
        "normal": "中|普通|一般|正常|normal|medium",
        "low": "低|不急|low|minor",
    },
    "outcome": {
        "reached": "已联系|已接通|联系上|成功|完成|接通|已沟通|已回访|reached|done|completed|answered",
        "no_answer": "未接|无人接听|未接通|没接|关机|停机|noanswer|no_answer|notreached|missed",
        "later": "稍后|再联系|改期|以后再说|待跟进|later|callback|postponed",
        "not_interested": "无意向|不需要|拒绝|没兴趣|notinterested|not_interested",
        "bought": "成交|已购买|已成交|购买|bought|sold|won",
        "do_not_contact": "勿扰|不要再联系|拉黑|donotcontact|do_not_contact",
    },
    "followup_state": {
        "open": "未完成|待跟进|待办|进行中|未跟进|计划|否|open|planned|pending|todo|no",
        "done": "已完成|完成|已跟进|已回访|是|done|completed|finished|closed|yes",
        "cancelled": "已取消|取消|作废|cancelled|canceled",
    },
    "complaint_state": {
        "received": "已受理|受理|待处理|未处理|新建|received|new|open|pending",
        "investigating": "处理中|调查中|跟进中|investigating|inprogress|processing",
        "resolved": "已解决|解决|已处理|resolved|solved",
        "answered": "已回复|已答复|answered|replied",
        "closed": "已关闭|已结案|结案|已完成|完成|办结|关闭|closed|done|completed",
        "withdrawn": "已撤销|撤诉|撤销|withdrawn|cancelled",
        "duplicate": "重复|duplicate",
    },
    "sale_type": {
        "sale": "销售|销售单|零售|购买|出库|已完成|已付款|交易成功|sale|sold|order|paid",
        "refund": "退货|退款|退货单|退单|销售退货|退换|refund|return|returned",
        "void": "作废|已作废|取消|已取消|交易关闭|已关闭|void|voided|cancelled|canceled",
    },
}

COMPUTED_TIER = N_("Computed tier")
"""Heading of an exported column that is worked out, not stored: the import leaves it alone."""
LAST_VISIT, LAST_CONTACT = N_("Last visit"), N_("Last contact")
PURCHASES, SPENT, NEXT_BIRTHDAY = N_("Purchases so far"), N_("Spent"), N_("Next birthday")
COMPUTED = (LAST_VISIT, LAST_CONTACT, PURCHASES, SPENT, NEXT_BIRTHDAY)
"""What exports of the list of customers work out besides the tier; see `computed`."""

LABELS: Mapping[str, Mapping[str, str]] = {
    "gender": {"female": N_("female"), "male": N_("male")},
    "yes": {"1": N_("Yes")},
    "consent": {"granted": N_("granted"), "refused": N_("refused")},
    "kind": {
        "person": N_("person"),
        "company": N_("company"),
        "agent": N_("agent"),
        "channel": N_("channel"),
    },
    "channel": {
        "visit": N_("Visit"),
        "call": N_("Call"),
        "wechat": N_("WeChat"),
        "sms": N_("SMS"),
        "email": N_("E-mail"),
        "other": N_("Other"),
    },
    "pay": {
        "cash": N_("Cash"),
        "wechat": N_("WeChat Pay"),
        "alipay": N_("Alipay"),
        "card": N_("Card"),
        "trade_in": N_("Trade-in"),
        "instalment": N_("Instalment"),
        "account": N_("On account"),
        "other": N_("Other"),
    },
    "category": {
        "phone": N_("Phone"),
        "accessory": N_("Accessory"),
        "service": N_("Service"),
        "plan": N_("Plan"),
        "other": N_("Other"),
    },
    "priority": {"high": N_("High"), "normal": N_("Normal"), "low": N_("Low")},
    "outcome": {
        "reached": N_("Reached"),
        "no_answer": N_("No answer"),
        "later": N_("Later"),
        "not_interested": N_("Not interested"),
        "bought": N_("Bought"),
        "do_not_contact": N_("Do not contact"),
    },
    "followup_state": {"open": N_("Open"), "done": N_("Done"), "cancelled": N_("Cancelled")},
    "complaint_state": {
        "received": N_("Received"),
        "investigating": N_("Investigating"),
        "resolved": N_("Resolved"),
        "answered": N_("Answered"),
        "closed": N_("Closed"),
        "withdrawn": N_("Withdrawn"),
        "duplicate": N_("Duplicate"),
    },
    "sale_type": {"sale": N_("Sale"), "refund": N_("Refund")},
}
"""What exports write for stored choices; the import reads them in every language of the program."""


def computed(title: str) -> str:
    """The heading of a column that is worked out; what others call “Spent” is a field of its own, so ours says more."""
    return _("{column} (computed)").format(column=_(title))


def is_computed(heading: str) -> bool:
    """Whether a heading is one of `computed`, in any language."""
    return heading.strip() in _all_computed()


@cache
def _all_computed() -> frozenset[str]:
    made = set()
    for language in LANGUAGES:
        with using(language):
            made |= {computed(title) for title in COMPUTED}
    return frozenset(made)
