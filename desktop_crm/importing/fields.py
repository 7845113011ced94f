"""The fields that a sheet can fill, per kind of sheet, with every heading they are known by.

How a heading is found and matched is columns.py's business, how a cell is read cleaning.py's. Synonyms are written
as `headings.normal_heading` leaves them: half width, lower case, no spaces, marks or hints in brackets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_crm.base.i18n import N_

Kind = Literal["customers", "purchases", "followups", "complaints"]
Reader = Literal[
    "text", "note", "answer", "phone", "phone_label", "code", "imei", "day", "birthday", "instant", "money", "count", "tags",
    "gender", "yes", "consent", "kind", "channel", "pay", "category", "priority", "outcome", "followup_state",
    "complaint_state", "sale_type", "email", "language",
]  # fmt: skip
"""How the cells of a column are read; see cleaning.READERS."""

KINDS: tuple[Kind, ...] = ("customers", "purchases", "followups", "complaints")
EXTRA = "extra"
"""What a column is mapped to that nobody knows: its cells become lines of the note."""
LEFT_OUT = ""
"""What a column is mapped to that the person does not want."""


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes:
        key: its name in mappings and in the staged rows.
        label: what people call it (N_).
        reader: how its cells are read.
        names: headings it is known by, in their normal form.
        weight: how strongly it speaks for its kind of sheet; 0 for what every kind has.
        many: several columns may fill it.
        must: its cell cannot be left empty when it is unreadable: the row is bad.
    """

    key: str
    label: str
    reader: Reader
    names: tuple[str, ...]
    weight: int = 0
    many: bool = False
    must: bool = False


def _f(
    key: str,
    label: str,
    reader: Reader,
    names: str,
    weight: int = 0,
    *,
    many: bool = False,
    must: bool = False,
) -> Field:
    return Field(key, label, reader, tuple(names.split("|")), weight, many, must)


WHO = (
    _f("name", N_("Name"), "text",
       "姓名|客户姓名|会员姓名|客户名称|客户名|会员名称|会员名|联系人|联系人姓名|客户|顾客|顾客姓名|顾客名称"
       "|名字|称呼|买家|买家姓名|收货人|收货人姓名|机主|name|fullname|customer|customername|contactname|contact"
       "|clientname|client|membername|displayname|fileas|投诉人|用户姓名", must=True),
    _f("last_name", N_("Family name"), "text", "姓|姓氏|lastname|familyname|surname"),
    _f("first_name", N_("Given name"), "text", "名|firstname|givenname|forename"),
    _f("middle_name", N_("Middle name"), "text", "中间名|middlename|additionalname"),
    _f("nickname", N_("Nickname"), "text", "昵称|微信昵称|网名|nickname|alias"),
    _f("phone", N_("Phone"), "phone",
       "手机|手机号|手机号码|联系电话|联络电话|移动电话|行动电话|电话|电话号码|联系手机|联系方式|联络方式|备用电话|备用手机|其他电话"
       "|其它电话|第二电话|家庭电话|办公电话|公司电话|固定电话|座机|会员手机|会员手机号|客户手机|客户电话"
       "|顾客手机|顾客电话|买家手机|收货人手机|收货人电话|号码|mobile|mobilephone|mobileno|mobilenumber|phone"
       "|phoneno|phonenumber|telephone|tel|cell|cellphone|homephone|businessphone|primaryphone|otherphone"
       "|carphone|companymainphone|contactphone|contactnumber|customerphone|customermobile|phone-value|手机电话"
       "|mobiletelephone", many=True, must=True),
    _f("phone_label", N_("Kind of phone"), "phone_label", "phone-label|phone-type", many=True),
    _f("card_no", N_("Card no."), "code",
       "会员卡号|卡号|会员卡|会员号|会员编号|vip卡号|vip号|会员卡编号|cardno|cardnumber|membershipno"
       "|membershipnumber|memberno|membercard|loyaltycard", must=True),
    _f("external_id", N_("Id in the other program"), "code",
       "会员id|客户id|客户编号|客户编码|顾客编号|客户代码|外部编号|外部id|recordid|customerid|customerno"
       "|contactid|externalid|clientid|memberid|organizationalidnumber", must=True),
)  # fmt: skip

_CUSTOMERS = (
    _f("company", N_("Company"), "text",
       "公司|公司名称|单位|工作单位|单位名称|企业名称|company|companyname|organization|organizationname"
       "|organization-name|accountname", 1),
    _f("customer_kind", N_("Kind of customer"), "kind",
       "客户类型|客户性质|customertype|kindofcustomer|customerkind", 1),
    _f("wechat", N_("WeChat"), "code", "微信|微信号|微信id|微信账号|wechat|wechatid|weixin", 1),
    _f("email", N_("E-mail"), "email",
       "邮箱|电子邮箱|电子邮件|邮件|email|e-mail|emailaddress|e-mailaddress|e-mail-value|mail", 1),
    _f("gender", N_("Gender"), "gender", "性别|称谓|尊称|gender|sex|salutation", 2),
    _f("birthday", N_("Birthday"), "birthday",
       "生日|出生日期|会员生日|出生年月日|客户生日|出生年月|生日日期|阳历生日|公历生日|birthday|dateofbirth"
       "|birthdate|dob", 2),
    _f("lunar_birthday", N_("Lunar birthday"), "birthday", "农历生日|阴历生日|lunarbirthday", 1),
    _f("lunar", N_("Birthday is lunar"), "text", "生日类型|历法|birthdaytype|birthdayislunar|calendar"),
    _f("province", N_("Province"), "text", "省|省份|所在省|province|homestate|address-region|mailingstate|state"),
    _f("city", N_("City"), "text", "市|城市|所在市|city|homecity|address-city|mailingcity"),
    _f("region", N_("District"), "text", "区|区/县|区县|县|地区|区域|所在地区|district|region|area", 1),
    _f("address", N_("Address"), "text",
       "地址|联系地址|详细地址|家庭地址|住址|通讯地址|收货地址|现住址|address|homestreet|street|homeaddress"
       "|address-formatted|mailingstreet", 1),
    _f("occupation", N_("Occupation"), "text",
       "职业|职务|工作|客户行业|行业|职位|occupation|profession|jobtitle|organizationtitle|organization-title", 1),
    _f("source", N_("Source"), "text",
       "来源|客户来源|渠道|渠道来源|获客渠道|来源渠道|会员来源|线索来源|source|leadsource|customersource"
       "|channelsource", 2),
    _f("referred_by", N_("Referred by"), "text",
       "推荐人|介绍人|转介绍人|推荐人姓名|推荐人手机|推荐人电话|referredby|referrer|referral", 2),
    _f("owner", N_("Looked after by"), "text",
       "负责人|所属店员|归属店员|专属导购|导购|所属员工|跟进人|客户经理|店员|销售负责人|contactowner|owner"
       "|assignedto|salesrep|lookedafterby", 1),
    _f("tags", N_("Tags"), "tags",
       "标签|客户标签|会员标签|分组|等级|级别|会员等级|会员级别|会员类型|会员卡类型|卡类型|卡等级|客户级别|客户等级"
       "|membershiplevel|memberlevel|membertype|customerlevel|level|grade|labels|groupmembership|tag|tags"
       "|categories|keywords", 2, many=True),
    _f("since_day", N_("Customer since"), "day",
       "建档日期|建档时间|创建日期|创建时间|注册时间|注册日期|入会时间|入会日期|开卡日期|开卡时间|办卡日期"
       "|加入时间|录入时间|登记日期|createdtime|createddate|createdat|customersince|joindate|signupdate"
       "|registeredat", 2),
    _f("do_not_contact", N_("Do not contact"), "yes",
       "拒绝联系|勿扰|免打扰|请勿联系|不再联系|donotcontact|donotcall", 1),
    _f("consent", N_("Consent to contact"), "consent",
       "同意联系|联系同意|是否同意联系|授权联系|consent|consenttocontact", 1),
    _f("consent_call", N_("Consent to calls"), "answer", "同意电话|同意电话联系|电话授权|consenttocalls|calloptin"),
    _f("consent_sms", N_("Consent to SMS"), "answer", "同意短信|同意接收短信|短信授权|consenttosms|smsoptin"),
    _f("consent_wechat", N_("Consent to WeChat"), "answer", "同意微信|同意微信联系|微信授权|consenttowechat"),
    _f("consent_email", N_("Consent to e-mail"), "answer", "同意邮件|同意接收邮件|邮件授权|consenttoe-mail|emailoptin"),
    _f("email_opt_out", N_("No e-mails"), "yes", "emailoptout|拒收邮件|退订邮件"),
    _f("consent_day", N_("Consent since"), "day", "同意日期|授权日期|consentday|consentsince"),
    _f("language", N_("Language"), "language", "语言|language"),
    _f("model", N_("Phone model"), "text",
       "机型|型号|手机型号|品牌型号|在用机型|当前机型|意向机型|意向产品|购买机型|model|device|phonemodel|devicemodel", 1),
    _f("imei", N_("IMEI"), "imei",
       "imei|串号|串码|imei号|imei码|imei1|机身号|手机串号|手机imei", 1, must=True),
    _f("serial", N_("Serial number"), "code", "sn|sn码|sn号|序列号|机身序列号|产品序列号|serialnumber|serialno|serial|meid", 1),
    _f("bought_day", N_("Bought on"), "day", "购买日期|购机日期|购机时间|boughton|purchasedate", 1),
    _f("next_day", N_("Next contact"), "day",
       "下次联系时间|下次联系日期|下次跟进时间|下次跟进日期|下次回访时间|下次联系|下次跟进|下次回访|下次拜访|预约时间|nextcontact"
       "|nextfollowup|nextcontactdate", 1),
    _f("opening_total", N_("Spent before"), "money",
       "累计消费|累计消费金额|累计消费额|累计消费总额|消费总额|消费总金额|总消费|总消费额|总消费金额|累计金额|累计购买"
       "|累计购买金额|购买总额|购买总金额|消费金额|消费合计|累计成交金额|累计交易额|累计交易金额|交易总额|历史消费"
       "|历史消费金额|totalspent|totalspend|totalamountspent|amountspent|lifetimespend|lifetimevalue|totalsales|ltv", 3),
    _f("opening_count", N_("Purchases before"), "count",
       "消费次数|累计消费次数|总消费次数|购买次数|累计购买次数|成交次数|累计订单数|累计订单|订单数|订单数量|订单总数"
       "|总订单数|交易次数|累计交易次数|purchasecount|numberofpurchases|totalpurchases|totalorders|ordercount|orderscount"
       "|numberoforders|orders|purchases|transactions", 3),
    _f("opening_last", N_("Last purchase before"), "day",
       "最后消费时间|最后消费日期|最后消费|最近消费|最近消费时间|最近消费日期|上次消费|上次消费时间|上次消费日期|末次消费"
       "|末次消费时间|末次消费日期|最后购买时间|最后购买日期|最近购买|最近购买时间|最近购买日期|上次购买时间|上次购买日期"
       "|最后交易时间|最近交易时间|最后下单时间|最近下单时间|最近成交时间|最后一次消费时间|最近一次消费时间|最近一次消费"
       "|lastpurchase|lastpurchasedate|lastpurchasedon|lastorder|lastorderdate|lastsale|lastsaledate"
       "|lasttransactiondate|lastbought", 3),
    _f("points", N_("Points"), "count",
       "积分|当前积分|可用积分|会员积分|积分余额|剩余积分|现有积分|积分数|积分数量|points|point|currentpoints"
       "|availablepoints|loyaltypoints|rewardpoints|pointsbalance"),
    _f("credit", N_("Prepaid balance"), "money",
       "余额|当前余额|储值余额|账户余额|帐户余额|会员余额|会员卡余额|卡余额|卡内余额|可用余额|储值|储值金额|预存|预存款"
       "|预存余额|钱包余额|balance|currentbalance|storedvalue|storecredit|credit|prepaid|cardbalance|accountbalance"
       "|walletbalance"),
    _f("due", N_("Balance due"), "money",
       "欠款|欠款金额|欠款余额|挂账|挂账金额|赊账|赊账金额|赊欠|未付金额|未付款|应收|应收款|应收账款|应收余额|未收款"
       "|amountdue|amountowed|owed|owes|outstanding|outstandingbalance|receivable|balanceowed|debt"),
    _f("preferences", N_("Likes and dislikes"), "note",
       "喜好|偏好|客户偏好|爱好|兴趣|兴趣爱好|忌讳|preferences|preference|likes|hobby|hobbies|interests"),
    _f("dated_notes", N_("Dated notes"), "note", "备注记录|历史备注|datednotes|notehistory"),
    _f("note", N_("Note"), "note",
       "备注|附注|说明|备注信息|会员备注|客户备注|note|notes|description|remark|remarks|comment|comments|memo", 0, many=True),
)  # fmt: skip

_PURCHASES = (
    _f("number", N_("Receipt no."), "code",
       "单号|订单号|订单编号|销售单号|小票号|单据编号|单据号|流水号|票号|收据号|交易单号|receiptno|receipt"
       "|orderno|ordernumber|orderid|invoiceno|invoicenumber|invoice|receiptnumber|saleno", 3),
    _f("sold_at", N_("Sold on"), "instant",
       "购买日期|开单日期|销售日期|消费日期|消费时间|日期|购买时间|销售时间|开单时间|交易时间|交易日期|下单时间|付款时间|成交时间"
       "|成交日期|购机日期|购机时间|出库日期|订单时间|时间|date|solddate|soldon|saledate|salesdate|orderdate"
       "|purchasedate|purchasedon|transactiondate|invoicedate", 2, must=True),
    _f("item", N_("Item"), "text",
       "商品|商品名称|商品名|品名|产品|产品名称|货品名称|机型|型号|手机型号|品牌型号|购买机型|项目|服务项目|购买商品|名称"
       "|item|product|productname|itemname|model|description|itemdescription|sku", 2),
    _f("category", N_("Category"), "category",
       "类别|商品类别|分类|商品分类|品类|产品类别|category|productcategory|itemcategory", 1),
    _f("color", N_("Colour"), "text", "颜色|color|colour"),
    _f("storage", N_("Storage"), "text", "内存|容量|存储|规格|配置|storage|capacity|memory"),
    _f("quantity", N_("Quantity"), "count",
       "数量|件数|购买数量|台数|销售数量|qty|quantity|count|units", 3, must=True),
    _f("price", N_("Unit price"), "money",
       "单价|售价|价格|销售单价|标价|原价|price|unitprice|sellingprice", 2, must=True),
    _f("discount", N_("Discount"), "money", "优惠|折扣|优惠金额|折扣金额|让利|discount|discountamount", 2, must=True),
    _f("amount", N_("Amount"), "money",
       "金额|实付|实付金额|实收|实收金额|成交价|成交金额|应收金额|总价|合计|合计金额|销售金额|销售额|消费金额"
       "|付款金额|支付金额|小计|订单金额|总金额|退款金额|amount|total|totalamount|paid|amountpaid|linetotal"
       "|sales|netamount", 3, must=True),
    _f("cost", N_("Cost"), "money", "成本|进价|成本价|进货价|cost|costprice"),
    _f("imei", N_("IMEI"), "imei",
       "imei|串号|sn|序列号|串码|imei号|imei1|机身号|手机串号|serialnumber|serial", 2, must=True),
    _f("pay", N_("Paid by"), "pay",
       "付款方式|支付方式|收款方式|结算方式|付款|支付渠道|paymentmethod|payment|paidby|paymethod|tender", 2),
    _f("clerk", N_("Sold by"), "text",
       "店员|销售员|营业员|销售|经手人|导购|业务员|开单人|收银员|销售人员|销售顾问|负责人|员工|clerk|salesperson"
       "|soldby|staff|cashier|salesrep|seller", 1),
    _f("sale_type", N_("Kind of sale"), "sale_type",
       "类型|单据类型|业务类型|销售类型|交易类型|订单状态|type|transactiontype|saletype|kindofsale", 1),
    _f("voided", N_("Voided"), "yes", "作废|是否作废|已作废|voided|void|cancelled"),
    _f("note", N_("Note"), "note",
       "备注|附注|说明|订单备注|note|notes|remark|remarks|comment|comments|memo", 0, many=True),
)  # fmt: skip

_FOLLOWUPS = (
    _f("due_day", N_("Due on"), "day",
       "到期日|到期日期|计划日期|计划时间|下次联系时间|下次联系日期|下次跟进时间|下次跟进日期|下次回访时间"
       "|下次联系|下次跟进|下次回访|下次拜访|跟进日期|应跟进日期|提醒日期|提醒时间|dueon|due|duedate|dueday"
       "|nextcontact|nextfollowup", 2, must=True),
    _f("first_due_day", N_("First due on"), "day",
       "首次到期日|最初日期|首次计划日期|firstdueon|firstdue|firstduedate"),
    _f("contact_at", N_("Contacted at"), "instant",
       "跟进时间|联系时间|联系日期|回访时间|回访日期|拜访时间|沟通时间|通话时间|contactedat|contactdate|calldate"
       "|followuptime|followupdate|lastactivitytime|日期|时间|date", 3, must=True),
    _f("channel", N_("Way of contact"), "channel",
       "跟进方式|联系方式|回访方式|沟通方式|方式|wayofcontact|channel|method|contacttype", 3),
    _f("reason", N_("Why"), "text", "跟进原因|原因|主题|跟进主题|事由|任务|跟进任务|why|reason|subject|task", 2),
    _f("content", N_("What was said"), "note",
       "跟进内容|跟进记录|联系内容|回访内容|沟通内容|拜访内容|通话内容|跟进情况|内容|记录|whatwassaid|content"
       "|summary|followup|followupnotes|callnotes", 4),
    _f("state", N_("State of the follow-up"), "followup_state",
       "状态|跟进状态|完成状态|是否完成|stateofthefollow-up|state|status|followupstatus", 1),
    _f("outcome", N_("Outcome"), "outcome", "结果|跟进结果|回访结果|联系结果|outcome|result", 2),
    _f("done_day", N_("Done on"), "day", "完成日期|完成时间|doneon|done|donedate|completedon|completedate", 1),
    _f("clerk", N_("Who"), "text",
       "负责人|跟进人|店员|回访人|员工|经手人|联系人员|who|clerk|owner|staff|assignedto|followupby", 1),
    _f("note", N_("Note"), "note", "备注|附注|说明|意向产品|note|notes|remark|remarks|comment", 0, many=True),
)  # fmt: skip

_COMPLAINTS = (
    _f("received_at", N_("Received at"), "instant",
       "受理时间|投诉时间|投诉日期|受理日期|反馈时间|反馈日期|登记时间|登记日期|送修日期|报修日期|接件日期|日期"
       "|时间|receivedat|received|complaintdate|reportedat|openedat|date", 2, must=True),
    _f("summary", N_("What happened"), "note",
       "投诉内容|问题描述|投诉问题|投诉事项|反馈内容|故障描述|问题|故障现象|内容|描述|投诉原因|whathappened"
       "|complaint|issue|problem|summary|description|subject|feedback", 4, must=True),
    _f("complaint_category", N_("Kind of complaint"), "text",
       "投诉类型|投诉类别|问题类型|问题分类|类型|类别|分类|故障类型|kindofcomplaint|category|type|complainttype"
       "|issuetype", 2),
    _f("priority", N_("Priority"), "priority", "优先级|紧急程度|紧急度|严重程度|级别|priority|urgency|severity", 2),
    _f("channel", N_("Way of contact"), "channel",
       "投诉渠道|反馈渠道|渠道|来源|受理方式|投诉方式|wayofcontact|channel|source", 1),
    _f("state", N_("State of the complaint"), "complaint_state",
       "状态|处理状态|投诉状态|进度|处理进度|stateofthecomplaint|state|status", 1),
    _f("answer", N_("What was done"), "note",
       "处理结果|处理情况|解决方案|处理意见|处理方式|处理措施|回复内容|处理内容|whatwasdone|resolution|solution"
       "|answer|response|action", 3),
    _f("closed_day", N_("Closed on"), "day",
       "结案日期|关闭日期|办结日期|处理完成时间|完成时间|完成日期|解决时间|解决日期|处理时间|处理日期|结案时间"
       "|closedon|closed|closedate|closedat|resolvedat|resolvedon", 2),
    _f("clerk", N_("Answerable"), "text",
       "负责人|处理人|受理人|责任人|经办人|店员|员工|answerable|owner|clerk|staff|handler|assignedto|handledby", 1),
    _f("note", N_("Note"), "note", "备注|附注|说明|note|notes|remark|remarks|comment", 0, many=True),
)  # fmt: skip

FIELDS: dict[Kind, tuple[Field, ...]] = {
    "customers": (*WHO, *_CUSTOMERS),
    "purchases": (*WHO, *_PURCHASES),
    "followups": (*WHO, *_FOLLOWUPS),
    "complaints": (*WHO, *_COMPLAINTS),
}
"""Per kind: its fields; where two know the same heading, the later one of the two gets it."""

ACCOUNTS = frozenset(("客户名称", "客户", "客户名", "customer", "customername", "client", "clientname"))
"""Headings of names that mean the company where a person's name stands in a column of its own."""
STAND_INS: dict[Kind, dict[str, str]] = {
    "customers": {
        "businessstreet": "address", "otherstreet": "address", "公司地址": "address", "单位地址": "address",
        "companyaddress": "address", "officeaddress": "address", "businesscity": "city", "othercity": "city",
        "businessstate": "province", "otherstate": "province", "title": "occupation", "职称": "occupation",
        "address1-street": "address", "户籍地址": "address", "身份证地址": "address",
    },
}  # fmt: skip
"""Headings that fill a field where no better column does; beside one they are lines of the note."""

CARD_KEYS = (
    "name", "phone", "card_no", "external_id", "customer_kind", "wechat", "email", "gender", "birthday", "region",
    "address", "occupation", "source", "referred_by", "owner", "tags", "since_day", "do_not_contact", "consent",
    "consent_day", "model", "imei", "language", "opening_total", "opening_count", "opening_last", "points", "due",
    "serial", "consent_call", "consent_sms", "consent_wechat", "consent_email", "preferences", "dated_notes", "note",
)  # fmt: skip
"""The fields of a customer's row that are exported, in the order of the columns."""

KIND_LABELS: dict[Kind, str] = {
    "customers": N_("Customers"),
    "purchases": N_("Purchases"),
    "followups": N_("Follow-ups"),
    "complaints": N_("Complaints"),
}


def field(kind: Kind, key: str) -> Field:
    """The field of this kind with this key."""
    return next(found for found in FIELDS[kind] if found.key == key)
