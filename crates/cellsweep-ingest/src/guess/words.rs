//! Names that columns go by in several countries, and words that values go by.

use cellsweep_model::table::Table;

/// Names by the contract's column: English, French, German, Spanish.
const NAMES: &[(&str, &[&str])] = &[
    (
        "time",
        &[
            "time",
            "date",
            "datetime",
            "date time",
            "timestamp",
            "start",
            "start time",
            "starttime",
            "call date",
            "event time",
            "begin",
            "when",
            "debut",
            "date debut",
            "horodatage",
            "date heure",
            "date et heure",
            "beginn",
            "zeit",
            "zeitpunkt",
            "fecha",
            "fecha hora",
            "inicio",
            "ts",
            "created at",
            "order date",
            "date commande",
        ],
    ),
    (
        "operator",
        &["operator", "network", "carrier", "provider", "plmn", "operateur", "reseau", "netzbetreiber", "operador"],
    ),
    (
        "event",
        &[
            "event",
            "type",
            "event type",
            "call type",
            "service",
            "type appel",
            "type evenement",
            "nature",
            "dienst",
            "art",
            "tipo",
            "record type",
        ],
    ),
    ("direction", &["direction", "dir", "sens", "richtung", "sentido", "call direction", "in out"]),
    (
        "imei",
        &[
            "imei",
            "imei a",
            "imeisv",
            "imei number",
            "equipment",
            "terminal",
            "no imei",
            "numero imei",
            "device",
            "served imei",
            "serial",
        ],
    ),
    ("imsi", &["imsi", "imsi a", "served imsi", "sim", "carte sim", "no imsi"]),
    (
        "msisdn",
        &[
            "msisdn",
            "msisdn a",
            "a number",
            "calling",
            "caller",
            "calling number",
            "served msisdn",
            "subscriber",
            "subscriber number",
            "abonne",
            "no abonne",
            "numero",
            "appelant",
            "numero appelant",
            "telephone",
            "phone",
            "rufnummer",
            "a nummer",
            "linea",
            "ligne",
            "no ligne",
            "numero ligne",
            "from number",
            "number",
        ],
    ),
    (
        "peer",
        &[
            "peer",
            "b number",
            "called",
            "called number",
            "other party",
            "other number",
            "counterpart",
            "correspondant",
            "appele",
            "numero appele",
            "b nummer",
            "destino",
            "destination",
            "to number",
            "dialled",
            "dialed",
        ],
    ),
    (
        "duration_s",
        &["duration", "duration s", "seconds", "length", "duree", "dauer", "duracion", "call duration", "sec"],
    ),
    (
        "technology",
        &[
            "technology",
            "rat",
            "radio",
            "techno",
            "technologie",
            "generation",
            "network type",
            "radio access",
            "reseau",
            "bearer",
        ],
    ),
    (
        "sector",
        &[
            "sector",
            "cell",
            "cell id",
            "cellid",
            "cgi",
            "ecgi",
            "cell identity",
            "cellule",
            "id cellule",
            "zelle",
            "celda",
            "site",
            "location",
            "first cell",
            "start cell",
            "antenne",
        ],
    ),
    ("timing_advance", &["timing advance", "ta"]),
    ("lat", &["lat", "latitude", "breite", "latitud", "y"]),
    ("lon", &["lon", "long", "lng", "longitude", "lange", "longitud", "x"]),
    ("azimuth_deg", &["azimuth", "azimut", "azimuth deg", "bearing", "orientation"]),
    ("beamwidth_deg", &["beamwidth", "beam", "beam width", "ouverture", "hbw"]),
    ("range_m", &["range", "range m", "radius", "portee", "rayon"]),
    ("inmate", &["inmate", "prisoner", "detainee", "offender", "ecrou", "numero ecrou", "detenu", "nomis", "booking"]),
    ("facility", &["facility", "prison", "establishment", "etablissement", "agency", "site"]),
    ("cell", &["cell", "cellule", "location", "bed", "room"]),
    ("from", &["from", "start", "entry", "arrival", "admission", "entree", "date entree", "debut", "arrivee"]),
    ("to", &["to", "end", "exit", "release", "sortie", "date sortie", "fin", "depart"]),
    ("order", &["order", "order number", "order id", "commande", "reference", "invoice", "numero commande"]),
    ("model", &["model", "product", "item", "article", "modele", "produit", "description", "sku", "designation"]),
    ("quantity", &["quantity", "qty", "quantite", "qte", "menge", "cantidad"]),
    ("unit_price", &["unit price", "price", "prix", "amount", "montant", "preis", "precio", "prix unitaire"]),
    ("currency", &["currency", "devise", "wahrung", "moneda"]),
    ("buyer", &["buyer", "customer", "client", "acheteur", "billing name", "nom", "name", "kunde", "comprador"]),
    ("email", &["email", "e mail", "mail", "courriel"]),
    ("phone", &["phone", "telephone", "tel", "mobile", "gsm"]),
    ("address", &["address", "adresse", "street", "rue", "direccion"]),
    ("postcode", &["postcode", "zip", "postal code", "code postal", "cp", "plz"]),
    ("city", &["city", "town", "ville", "commune", "ort", "ciudad"]),
    ("country", &["country", "pays", "land", "pais"]),
    ("tac", &["tac", "type allocation code"]),
    ("brand", &["brand", "marque", "manufacturer", "vendor", "make"]),
    ("role", &["role", "function", "fonction", "user", "owner"]),
    ("name", &["name", "nom", "label"]),
    ("capacity", &["capacity", "places", "capacite", "capacity design"]),
];

/// Words of events and what they are.
const EVENTS: &[(&str, &str)] = &[
    ("voice", "voice"),
    ("call", "voice"),
    ("appel", "voice"),
    ("voix", "voice"),
    ("moc", "voice"),
    ("mtc", "voice"),
    ("anruf", "voice"),
    ("llamada", "voice"),
    ("telephony", "voice"),
    ("sms", "sms"),
    ("mms", "sms"),
    ("text", "sms"),
    ("message", "sms"),
    ("smsmo", "sms"),
    ("smsmt", "sms"),
    ("smo", "sms"),
    ("smt", "sms"),
    ("data", "data"),
    ("gprs", "data"),
    ("internet", "data"),
    ("donnees", "data"),
    ("daten", "data"),
    ("datos", "data"),
    ("pdp", "data"),
    ("packet", "data"),
    ("update", "update"),
    ("lu", "update"),
    ("tau", "update"),
    ("lau", "update"),
    ("localisation", "update"),
    ("location update", "update"),
    ("attach", "attach"),
    ("detach", "detach"),
];
const DIRECTIONS: &[(&str, &str)] = &[
    ("out", "out"),
    ("outgoing", "out"),
    ("mo", "out"),
    ("moc", "out"),
    ("smsmo", "out"),
    ("smo", "out"),
    ("emis", "out"),
    ("sortant", "out"),
    ("ausgehend", "out"),
    ("saliente", "out"),
    ("originating", "out"),
    ("in", "in"),
    ("incoming", "in"),
    ("mt", "in"),
    ("mtc", "in"),
    ("smsmt", "in"),
    ("smt", "in"),
    ("recu", "in"),
    ("entrant", "in"),
    ("eingehend", "in"),
    ("entrante", "in"),
    ("terminating", "in"),
    ("none", "none"),
    ("data", "none"),
    ("gprs", "none"),
    ("internet", "none"),
    ("donnees", "none"),
    ("daten", "none"),
    ("lu", "none"),
    ("localisation", "none"),
    ("update", "none"),
    ("attach", "none"),
    ("detach", "none"),
];
const TECHNOLOGIES: &[(&str, &str)] = &[
    ("gsm", "GSM"),
    ("2g", "GSM"),
    ("geran", "GSM"),
    ("edge", "GSM"),
    ("umts", "UMTS"),
    ("3g", "UMTS"),
    ("utran", "UMTS"),
    ("wcdma", "UMTS"),
    ("hspa", "UMTS"),
    ("lte", "LTE"),
    ("4g", "LTE"),
    ("eutran", "LTE"),
    ("volte", "LTE"),
    ("nr", "NR"),
    ("5g", "NR"),
];

/// A name in small letters without accents and signs.
pub(super) fn plain(name: &str) -> String {
    let letter = |char: char| match char {
        'à' | 'â' | 'ä' | 'á' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        char if char.is_alphanumeric() => char,
        _ => ' ',
    };
    let plain: String = name.to_lowercase().chars().map(letter).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How well a column's name suits a column of the contract, 0 to 1.
pub(super) fn name_score(column: &str, name: &str) -> f64 {
    let name = plain(name);
    let other_party = is_other_party(&name);
    match column {
        "msisdn" if other_party => return 0.0,
        "peer" if other_party && name.contains(' ') => return 1.0,
        _ => {}
    }
    let known = NAMES.iter().find(|(other, _)| *other == column).map_or(&[][..], |(_, names)| names);
    if name == plain(column) || known.contains(&name.as_str()) {
        return 1.0;
    }
    let tokens: Vec<&str> = name.split(' ').collect();
    let within = |other: &&str| {
        let parts: Vec<&str> = other.split(' ').collect();
        other.len() > 2 && tokens.windows(parts.len()).any(|window| window == parts.as_slice())
    };
    if known.iter().any(within) { 0.6 } else { 0.0 }
}

/// Words by which a number's name says that it is the other party's: one taken for the subscriber's own would
/// follow the wrong phone.
const OTHER_PARTY: [&str; 12] = [
    "b",
    "peer",
    "other",
    "called",
    "dialled",
    "dialed",
    "remote",
    "counterpart",
    "destination",
    "correspondant",
    "appele",
    "destino",
];

fn is_other_party(name: &str) -> bool {
    name.split(' ').any(|token| OTHER_PARTY.contains(&token))
}

/// Whether a column's name speaks of a time of day.
pub(super) fn names_a_clock(name: &str) -> bool {
    const WORDS: [&str; 7] = ["time", "hour", "heure", "clock", "uhrzeit", "zeit", "hora"];
    plain(name).split(' ').any(|token| WORDS.contains(&token))
}

/// What a value's words mean in a column of the contract.
pub(super) fn meaning(column: &str, value: &str) -> Option<&'static str> {
    let words = match column {
        "event" => EVENTS,
        "direction" => DIRECTIONS,
        "technology" => TECHNOLOGIES,
        _ => return None,
    };
    let value = plain(value);
    let squeezed = value.replace(' ', "");
    let whole = words.iter().find(|(word, _)| *word == value || *word == squeezed);
    let part = || words.iter().find(|(word, _)| value.split(' ').any(|token| token == *word));
    whole.or_else(part).map(|(_, meaning)| *meaning)
}

/// The table whose needed columns' names a file has most of.
pub(super) fn table_of(names: &[String]) -> Table {
    const TRIED: [Table; 7] = [
        Table::Records,
        Table::Sectors,
        Table::Ledger,
        Table::Roster,
        Table::Models,
        Table::KnownDevices,
        Table::Establishments,
    ];
    let score = |table: &Table| {
        let columns = table.columns().iter();
        let found = columns.map(|column| names.iter().map(|name| name_score(column.name, name)).fold(0.0, f64::max));
        (found.sum::<f64>() * 100.0 / (table.columns().len() as f64).sqrt()) as u64
    };
    TRIED.into_iter().rev().max_by_key(|table| score(table)).unwrap_or(Table::Records)
}
