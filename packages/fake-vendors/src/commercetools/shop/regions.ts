/** A store with everything that goes with its country: money, tax, language, names and places. */
export interface Region {
  storeKey: string
  country: string
  currency: string
  locale: string
  standardRate: number
  reducedRate: number
  /** Whether prices include tax. */
  gross: boolean
  firstNames: readonly string[]
  lastNames: readonly string[]
  cities: readonly (readonly [city: string, postalCode: string, region?: string])[]
  streets: readonly string[]
  phonePrefix: string
}

/** The five stores of the shop. Names hold what real names hold: accents, combining marks, scripts written from the right, characters beyond 16 bits. */
export const REGIONS: readonly Region[] = [
  {
    storeKey: 'de',
    country: 'DE',
    currency: 'EUR',
    locale: 'de-DE',
    standardRate: 0.19,
    reducedRate: 0.07,
    gross: true,
    firstNames: ['Jürgen', 'Zoë', 'Anna-Lena', 'Söhnke', 'Käthe', 'Jakob', 'Mia', 'Łukasz', 'Đorđe', 'Ilse', 'Şule', 'Renée'],
    lastNames: ['Müller', 'Groß', 'von der Heide', 'Weiß', "D'Angelo", 'Çelik', 'Schmidt-Rottluff', 'Öztürk', 'Nowák', 'Fuchs'],
    cities: [
      ['Berlin', '10115'],
      ['München', '80331'],
      ['Köln', '50667'],
      ['Görlitz', '02826'],
      ['Düsseldorf', '40213'],
    ],
    streets: ['Straße des 17. Juni', 'Goethestr.', 'Große Bleichen', 'Am Mühlbach'],
    phonePrefix: '+49 30 ',
  },
  {
    storeKey: 'us',
    country: 'US',
    currency: 'USD',
    locale: 'en-US',
    standardRate: 0.0825,
    reducedRate: 0,
    gross: false,
    firstNames: ['Mary', 'José', "O'Neil", 'Kai 🌊', 'Nguyễn', 'Aaliyah', 'Bob', 'Siobhán', 'X Æ', 'Grace'],
    lastNames: ['Smith', 'García', "O'Brien", 'Nakamura', 'Johnson, Jr.', 'van Buren', 'Null', 'True', 'Lee'],
    cities: [
      ['Austin', '78701', 'TX'],
      ['New York', '10001', 'NY'],
      ['San José', '95112', 'CA'],
      ['Boston', '02108', 'MA'],
    ],
    streets: ['Main St', '5th Ave', 'Peachtree Rd NE', 'W 42nd St'],
    phonePrefix: '(512) 555-',
  },
  {
    storeKey: 'jp',
    country: 'JP',
    currency: 'JPY',
    locale: 'ja-JP',
    standardRate: 0.1,
    reducedRate: 0.08,
    gross: true,
    firstNames: ['太郎', 'さくら', '花子', 'ケンジ', '結衣', '大翔', '陽菜'],
    lastNames: ['佐藤', '鈴木', '𠮷田', '髙橋', '渡邉', '五十嵐', '齋藤'],
    cities: [
      ['東京都千代田区', '100-0001'],
      ['大阪市', '530-0001'],
      ['京都市', '600-8001'],
      ['札幌市', '060-0001'],
    ],
    streets: ['丸の内', '梅田', '烏丸通', '大通西'],
    phonePrefix: '03-',
  },
  {
    storeKey: 'kw',
    country: 'KW',
    currency: 'KWD',
    locale: 'ar-KW',
    standardRate: 0,
    reducedRate: 0,
    gross: true,
    firstNames: ['محمد', 'فاطمة', 'عبد الله', 'نورة', 'يوسف', 'مريم'],
    lastNames: ['الصباح', 'العنزي', 'المطيري', 'الراشد', 'بن سعد'],
    cities: [
      ['مدينة الكويت', '13001'],
      ['حولي', '32001'],
      ['السالمية', '22001'],
    ],
    streets: ['شارع الخليج العربي', 'شارع فهد السالم'],
    phonePrefix: '+965 ',
  },
  {
    storeKey: 'fr',
    country: 'FR',
    currency: 'EUR',
    locale: 'fr-FR',
    standardRate: 0.2,
    reducedRate: 0.055,
    gross: true,
    firstNames: ['Zoe\u0308', 'François', 'Anaïs', 'Léo', 'Noël', 'Chloé', 'Jean-Baptiste'],
    lastNames: ['Lefèvre', 'de la Tour', 'L’Hôpital', 'Dupont', 'Œuvrard', 'Garçon'],
    cities: [
      ['Paris', '75001'],
      ['Besançon', '25000'],
      ['Saint-Étienne', '42000'],
      ['Nîmes', '30000'],
    ],
    streets: ['rue de la Paix', 'bd Saint-Michel', 'allée des Érables'],
    phonePrefix: '+33 1 ',
  },
]

/** The languages of the shop, one per locale of a store. */
export const LANGUAGES: readonly string[] = ['en-US', 'de-DE', 'fr-FR', 'ja-JP', 'ar-KW']
