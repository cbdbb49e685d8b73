/** Country code top level domains. */
const countries =
  'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw'

/** Generic top level domains in common use. Not complete: `topLevelDomains` of the options adds others. */
const generic =
  'com org net edu gov mil int info biz name pro aero asia cat coop jobs mobi museum post tel travel xxx arpa app dev page shop store online site website blog cloud tech agency digital media news email live life world today group company solutions services systems software studio design art photo photography video music fashion style clothing shoes boutique jewelry beauty health care clinic dental fitness yoga bike cars auto house homes garden kitchen furniture energy solar green eco farm bio food pizza cafe coffee bar pub restaurant wine beer vin fish vet pet pets toys games game play fun party events tickets tours flights hotel holiday vacations berlin hamburg koeln cologne bayern wien tirol swiss paris london amsterdam brussels gent vlaanderen barcelona madrid nyc tokyo osaka nagoya moscow istanbul sydney melbourne africa capetown xyz top club vip win bid best one ink wiki work works team tools zone space center community network social chat expert guru ninja rocks cool pink blue red black gold plus red sale deals discount gift gifts market marketing consulting engineering legal law lawyer tax accountant finance financial bank insurance capital fund money cash credit loans realestate estate property rent academy school university college education training institute science church family kids baby wedding love ltd gmbh llc inc srl sarl google amazon apple microsoft bmw audi'

/** Checks e-mail addresses the way HubSpot does: strictly, down to the top level domain. */
export interface EmailCheck {
  (email: string): boolean
}

/** Creates the check. @param more top level domains accepted beside the built-in ones */
export function createEmailCheck(more: readonly string[]): EmailCheck {
  const known = new Set([...countries.split(' '), ...generic.split(' '), ...more.map((domain) => domain.toLowerCase())])
  const shape =
    /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z][a-z0-9-]*[a-z0-9])$/
  return (email) => {
    const folded = foldEmail(email)
    if (folded.length > 254 || folded.indexOf('@') > 64) return false
    const domain = shape.exec(folded)?.[1]
    return domain !== undefined && (known.has(domain) || domain.startsWith('xn--'))
  }
}

/** The form under which HubSpot keeps and compares an address. */
export function foldEmail(email: string): string {
  return email.trim().toLowerCase()
}
