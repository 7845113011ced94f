"""What headings mean: known synonyms in any dress, and headings made of known words (预留手机号, Date of Purchase).

The synonyms are in fields.py and go first; which row has the headings, and what else speaks for a field, is columns.py's
business. Made-up headings are matched whole, so that a column about somebody else (紧急联系人电话, 客户经理电话) stays
unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from desktop_crm.base import i18n
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_text, half_width
from desktop_crm.importing.fields import FIELDS, WHO, Kind
from desktop_crm.importing.words import COMPUTED_TIER, is_computed

REJECT_HEADING = N_("Why not imported")
"""Heading of the column that goes back with bad rows; it is never imported, nor is that of other programs."""
ABOUT_SHEET = N_("About this file")
"""Name of the sheet that says what an export of ours is; it holds nobody."""
_REJECTED = ("错误原因", "失败原因", "未导入原因", "errorreason")

_PERSON = "(?:客户|顾客|会员|用户|客人|买家|购买人|购机人|机主|投诉人|投诉客户|收货人|联系人|本人|贵宾|vip)"
_DAY = "(?:日期|时间|日)"
_NEXT = "(?:下次|下一次)(?:跟进|回访|联系|拜访|沟通|到店|致电|电话|提醒)|(?:待|应)(?:跟进|回访|联系)日期"
_BY = "(?:人员?|员工?|店员|导购|顾问|专员|代表|客服)"

_WHO = {
    "phone": rf"{_PERSON}?(?:预留|注册|绑定|常用|家庭|家里|住宅|办公|备用|其他|主要|联系|登记)?(?:手机|移动电话|电话|固话"
        "|座机|宅电|号码)"
    "(?:号|号码)?|(?:primary|main|home|work|mobile|cell|other|daytime|contact|customer|client)*"
    "(?:phone|mobile|cell|telephone|tel)(?:phone)?(?:number|no|num)?s?",
    "name": rf"{_PERSON}?(?:真实|中文)(?:姓名|名字|名)|{_PERSON}(?:姓名|名字|名称|名|称呼)|购买人|购机人|购买客户|投诉客户"
        "|buyer(?:name)?"
    "|purchaser(?:name)?|(?:customer|client|member|contact|complainant|full)+name",
    "card_no": "(?:vip|会员|贵宾)?卡(?:号码?|编号)|(?:会员|贵宾|vip)(?:编号|编码|账号)|(?:vip|loyalty|member(?:ship)?"
        "|customer)?card(?:no|number|num|id)",
    "external_id": "(?:客户|顾客|用户|会员)(?:编码|代码|id|编号)|(?:customer|client|contact|member|user)(?:id|no|number|code)",
}  # fmt: skip
_NOTE = (
    "(?:特别|其他|其它|补充|附加|内部|客户|会员|订单|销售)?(?:备注|附注|批注|说明)(?:信息|说明|内容)?"
    "|(?:other|additional|internal|customer)?(?:notes?|comments?|remarks?){1,2}"
)
_IMEI = "(?:手机|机身|产品)?(?:imei|meid|串号|串码|机身码|机身号)+(?:号码?|码|sn|序列号)?"

_PATTERNS: Mapping[Kind, Mapping[str, str]] = {
    "customers": {
        "referred_by": "(?:转?介绍|推荐|引荐)(?:人|者|客户|会员)(?:姓名|手机号?|电话|号码|名字)?|谁(?:介绍|推荐).*"
        "|referr(?:ed|er|al).*|introducedby",
        **_WHO,
        "birthday": "(?:阳历|公历|新历)?(?:生日|出生日期|出生年月日?|出生日)(?:日期)?|birth(?:day|date)|(?:date|day)ofbirth"
        "|dob|bday",
        "lunar_birthday": "(?:农历|阴历|旧历)(?:生日|出生日期)",
        "email": "(?:电子)?(?:邮箱|邮件|电邮)(?:地址|账号)?|e?-?mail(?:id|address|地址)?",
        "wechat": "微信(?:号码?|账号|id)|wechat(?:id|no|number|account)?|wx(?:id)?",
        "address": "(?:家庭|家|现|居住|常住|联系|通讯|通信|收货|收件|送货|邮寄|详细)?(?:地址|住址|住所|居住地)"
        "|(?:home|mailing|postal|street|shipping|delivery|full|residential)?address(?:line)?",
        "city": "(?:所在|所属|居住)城?市|town",
        "province": "(?:所在|所属|居住)省份?",
        "region": "(?:所在|所属|居住)?(?:地区|区域|区县|城区|片区|商圈)",
        "source": "(?:获客|客源|信息|线索|引流)?(?:来源|来源渠道|渠道来源|途径)|how(?:did)?you(?:find|hear).*|从哪.*"
        "|(?:怎么|如何|哪里)(?:知道|了解|找到).*",
        "tags": "(?:客户|会员|顾客|vip|用户)?(?:标签|分组|等级|级别|分类|层级)",
        "owner": f"(?:归属|所属|专属|跟进|服务|负责|维护|接待){_BY}|account(?:manager|owner|rep)"
        "|(?:sales)?rep(?:resentative)?|advisor|consultant",
        "since_day": f"(?:首次|初次)?(?:建档|建卡|开卡|办卡|入会|注册|登记|创建|录入|加入){_DAY}|(?:date|day)(?:created"
        "|added|joined|registered)"
        "|(?:created|registration|enrol?lment|signup|join(?:ed|ing)?|added)(?:date|on|at|time)|(?:customer|member)?since",
        "company": "(?:工作|就职|所在|任职)(?:单位|公司|企业)(?:名称)?|employer",
        "occupation": "(?:从事)?(?:职业|职务|职位|岗位|行业)+|job(?:title|position)?|position",
        "model": "(?:使用|现用|在用|当前|目前|现有)(?:的)?(?:手机)?(?:品牌)?(?:机型|型号|手机)|手机(?:品牌)?型号|品牌型号"
        "|手机品牌"
        "|(?:current|present|existing)(?:phone|device|handset)(?:model)?|(?:phone|device|handset)model",
        "imei": _IMEI,
        "language": "(?:首选|常用|沟通)?语言(?:偏好)?|preferredlanguage",
        "next_day": f"(?:下次|下一次|计划|预约|约定)(?:跟进|回访|联系|拜访|沟通|到店){_DAY}|{_NEXT}|next(?:followup|contact|call"
        "|visit)(?:date|on)?",
        "note": _NOTE,
    },
    "purchases": {
        **_WHO,
        "sold_at": f"(?:购机|购买|销售|开单|成交|交易|下单|出库|结账|结算|付款|收款|支付|订单|出单|开票){_DAY}"
        "|(?:date|day)(?:of)?(?:purchased?|sale|sold|order(?:ed)?)|(?:order|sales?|purchase|transaction|invoice|receipt"
        "|sold)(?:date|time|day|at|on)",
        "number": "(?:销售|订|小票|单据|收银|交易|流水|发票|出库|收据|销售订)?(?:单|单据|小票|票|流水|收据|发票)(?:号码?|编号)"
        "|(?:order|invoice|receipt|ticket|bill)(?:no|number|num|id|nr)?|(?:sale|transaction)(?:no|number|num|id|nr)",
        "cost": "(?:成本|进货|采购|进)(?:单价|价格|价|成本|金额)|(?:unit|purchase)?cost(?:price)?",
        "imei": _IMEI,
        "category": "(?:商品|产品|货品|物品)(?:类别|分类|品类|类型|种类|大类)|(?:product|item)(?:type|category|group|class)",
        "color": "(?:手机|产品|商品|机身)颜色",
        "storage": "(?:手机)?(?:内存|存储|容量)(?:容量|空间|大小)?",
        "item": "(?:购买|销售)?(?:商品|产品|货品|货物|物品|项目)(?:名称?|型号|描述|信息|名字)?|手机(?:型号|名称)|货名|品名"
        "|(?:product|item|goods|device|article|phone|handset)s?(?:name|description|model|desc)?",
        "quantity": "(?:销售|卖出|购买|出库)?(?:数量|件数|台数|销量)|(?:qty|quantity|units?|pcs)(?:sold)?",
        "discount": "(?:折扣|优惠|抵扣|让利|减免|满减|立减)(?:金额|额|价)?|discount(?:amount|value)?",
        "price": "(?:零售|销售|商品|产品|建议|吊牌|原|标|单|售)(?:单价|价格|价)|(?:unit|retail|list|selling|item)price",
        "amount": "(?:实际|实|应)(?:付|收|支付|付款|收款|收入)(?:金额|款)?|(?:成交|折后|交易|订单|销售|消费|总计|合计|总"
        "|应收|实收|实付|付款|支付|收款|退款|结算)"
        "(?:金额|总额|总价|价格|价|额)|(?:net|gross|grand|total|line|order|sales?|paid|final)+(?:amount|total|price|paid"
        "|sales)|amountpaid",
        "pay": "(?:付款|支付|收款|结算|收银)(?:方式|类型|渠道|途径|方法)|pay(?:ment)?(?:method|type|mode|way|means)"
        "|tender(?:type)?",
        "clerk": f"(?:销售|开单|收银|售货|营业|经手|经办|服务|接待|负责|责任|制单){_BY}|收银|(?:sales)?(?:person|clerk|rep"
        "|staff|man|associate|assistant)"
        "|cashier|servedby|employee(?:name)?",
        "sale_type": "(?:单据|业务|订单|交易|销售)(?:类型|状态|类别)|(?:transaction|sale|order)(?:type|status)",
        "note": _NOTE,
    },
    "followups": {
        **_WHO,
        "due_day": f"(?:下次|下一次|计划|预计|预约|约定)(?:跟进|回访|联系|拜访|沟通|到店)?{_DAY}|{_NEXT}|next(?:followup|contact"
        "|call|visit)(?:date|time|on)?|due(?:date|day|on)?",
        "contact_at": f"(?:跟进|回访|沟通|联系|拜访|通话|接触){_DAY}|(?:date|time)(?:of)?(?:contact|call|visit)(?:ed)?"
        "|(?:contact|call|visit|followup)(?:ed)?(?:date|time|on|at)",
        "content": "(?:跟进|回访|沟通|联系|拜访|通话|谈话|交流|接触)(?:内容|记录|情况|详情|纪要|摘要|说明)"
        "|(?:call|contact|visit|followup|meeting)(?:notes?|summary|details?|log|content)|notesof(?:the)?(?:call|visit)"
        "|discussion",
        "channel": "(?:跟进|回访|沟通|联系|拜访|接触)(?:方式|渠道|途径|类型|形式)|(?:contact|followup|call)(?:type|method"
        "|channel|mode)",
        "outcome": "(?:跟进|回访|沟通|联系|拜访|通话)(?:结果|结论|反馈)|(?:call|contact)?(?:outcome|result)s?",
        "state": "(?:跟进|回访|任务|完成)(?:状态|进度)|(?:task|followup)?(?:status|state)",
        "clerk": f"(?:跟进|回访|负责|沟通|拜访|责任|经办){_BY}|assignee|calledby|contactedby",
        "note": _NOTE,
    },
    "complaints": {
        **_WHO,
        "received_at": f"(?:投诉|受理|报修|送修|接件|反馈|登记|来访|发生){_DAY}|(?:date|time)(?:received|reported|opened"
        "|ofcomplaint)"
        "|(?:received|reported|opened|complaint)(?:date|time|on|at)",
        "complaint_category": "(?:投诉|问题|故障|反馈|售后)(?:分类|类型|类别|种类)|(?:complaint|issue|problem)(?:type"
        "|category|kind)",
        "state": "(?:处理|完成|投诉|解决|工单)(?:状态|进度)|(?:complaint|case|ticket)?(?:status|state)",
        "summary": "(?:投诉|问题|故障|反馈|事件|诉求|维修|售后)(?:内容|详情|描述|说明|情况|现象|事项|原因|问题)"
        "|(?:complaint|issue|problem|fault)(?:details?|description|summary|text)?",
        "closed_day": f"(?:处理)?(?:结束|完成|结案|解决|关闭|办结){_DAY}|(?:date|time)(?:closed|resolved|completed)"
        "|(?:closed|resolved|completed)(?:date|on|at)",
        "clerk": f"(?:处理|受理|责任|经办|接待|负责|跟进){_BY}|(?:handled|resolved)by|handler|assignee",
        "answer": "(?:处理|解决|回复|答复|维修)(?:方案|办法|过程|结果|情况|意见|措施|内容|方法|记录)|(?:action|resolution"
        "|solution|response)(?:taken|details?)?",
        "priority": "(?:紧急|优先|严重|重要)(?:级别?|程度|度|性)",
        "note": _NOTE,
    },
}  # fmt: skip
_COMPILED = {
    kind: [(key, re.compile(pattern)) for key, pattern in patterns.items()]
    for kind, patterns in _PATTERNS.items()
}


def meant_by_words(kind: Kind, heading: str) -> str:
    """The field of a kind that a heading's words speak for, "" if none; the first that fits."""
    return next((key for key, pattern in _COMPILED[kind] if pattern.fullmatch(heading)), "")


def normal_heading(text: str) -> str:
    """A heading without what people decorate it with: stars, hints in brackets, spaces, width, case, colons."""
    plain = half_width(clean_text(text)).lower()
    plain = re.sub(r"[(\[{【〔].*?[)\]}】〕]", "", plain)
    return re.sub(r"[\s*_:：★●•?？!]+", "", plain)


@cache
def _names(kind: Kind, languages: tuple[str, ...] = i18n.LANGUAGES) -> Mapping[str, str]:
    """Normal heading → field key; the labels of our own exports in every language count as headings."""
    found: dict[str, str] = {}
    for known in FIELDS[kind]:
        for language in languages:
            with i18n.using(language):
                found[normal_heading(_(known.label))] = known.key
    for known in FIELDS[kind]:
        for name in known.names:
            found[name] = known.key
    return found


@lru_cache(maxsize=20_000)
def known(kind: Kind, title: str) -> str:
    """The field of a heading; "" if none.

    Also of a numbered one ("Phone 2 - Value", "手机2"), of one that says whose it is ("客户的邮箱", "Customer's E-mail"),
    of one in two languages or words that mean the same ("姓名 Name", "手机/电话"), and of one made of known words.
    """
    names, plain = _names(kind), normal_heading(title).translate(_SIMPLIFIED)
    without_digits = re.sub(r"\d+", "", plain)
    bare = re.sub(r"[.'’`#№\-/\\|+&]", "", without_digits)
    found = names.get(plain) or names.get(without_digits) or names.get(bare, "")
    if found or not bare or len(bare) > 40:
        return found
    about = names.get(_WHOSE.sub("", bare), "")
    if about and (kind == "customers" or about in _WHO_KEYS):
        return about
    parts = _PARTS.findall(without_digits)
    meant = {names.get(part, "") for part in parts}
    both = meant.pop() if len(parts) > 1 and len(meant) == 1 else ""
    return both or meant_by_words(kind, bare)


_SIMPLIFIED = str.maketrans(
    "機電話號碼聯絡繫別備註戶會員顧稱應數額單價銷購買訂產類時間開關內記錄處結檔標籤級積餘儲賬帳證區縣門業職務歷農曆陰陽訊來紹薦負責導態"
    "優緊顏規維護貨實總費發進換經辦據個體問題訴訪復繳現轉創資團線網語誰際議見條簡額歲齡與從屬親報償贖約動後師濟禮節",
    "机电话号码联络系别备注户会员顾称应数额单价销购买订产类时间开关内记录处结档标签级积余储账账证区县门业职务历农历阴阳讯来绍荐负责导态"
    "优紧颜规维护货实总费发进换经办据个体问题诉访复缴现转创资团线网语谁际议见条简额岁龄与从属亲报偿赎约动后师济礼节",
)
"""Traditional signs of headings → simplified ones."""
_WHOSE = re.compile(
    r"^(?:客户|顾客|会员|用户|联系人|买家|机主|收货人|客人|本人|customers?|clients?|members?|contacts?|buyers?|users?|your)的?"
)
"""What stands before a heading that is about the person."""
_PARTS = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z\-]*")
_WHO_KEYS = frozenset(known.key for known in WHO)


def is_guess(kind: Kind, title: str) -> bool:
    """Whether a heading is no synonym, but only made of known words; another column may be surer of the field."""
    return _names(kind).get(normal_heading(title).translate(_SIMPLIFIED)) is None


def is_reject(title: str) -> bool:
    """Whether a column says why a row came back, from us or from another program."""
    plain = normal_heading(title)
    return plain in _REJECTED or plain in in_all_languages(REJECT_HEADING)


def is_about_sheet(name: str) -> bool:
    """Whether a sheet of this name only says what the workbook is."""
    return normal_heading(name) in in_all_languages(ABOUT_SHEET)


def is_computed_column(title: str) -> bool:
    """Whether a column is what our exports work out."""
    return is_computed(title) or normal_heading(title) in in_all_languages(COMPUTED_TIER)


@cache
def in_all_languages(text: str, languages: tuple[str, ...] = i18n.LANGUAGES) -> frozenset[str]:
    """A heading of ours, normal, in every language."""
    made = set()
    for language in languages:
        with i18n.using(language):
            made.add(normal_heading(_(text)))
    return frozenset(made)
