//! The office's verbs. Each of the server's routes names one.

use serde::{Deserialize, Serialize};

/// What an action is done to; `policies/schema.cedarschema` says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The office itself: people, settings, backups.
    Office,
    /// Somebody's own account.
    Account,
    /// A case.
    Case,
    /// A finding, with its class.
    Finding,
    /// A prison in a case.
    Facility,
    /// A plan, or a plan in one prison.
    Plan,
    /// A cell that a team searches.
    Cell,
    /// Something that a second person has to agree to.
    Proposal,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $kind:ident, $en:literal, $fr:literal;)*) => {
        /// What somebody may do, or not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Action {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)*
        }

        impl Action {
            /// All of them, in the order in which they are shown.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As rules and the log write it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What it is done to.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }

            /// For people: "see the handsets".
            pub const fn says(self, language: crate::Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, crate::Language::English) => $en,
                      (Self::$variant, crate::Language::French) => $fr,)*
                }
            }

            /// The one that rules and the log write so.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    };
}

actions! {
    /// The case's own page: the funnel, the map, what needs somebody.
    CaseSee = "case.see", Case, "see the case", "voir le dossier";
    /// To begin a case.
    CaseOpen = "case.open", Office, "open a case", "ouvrir un dossier";
    /// The table of handsets.
    HandsetsList = "handsets.list", Case, "list handsets", "lister les téléphones";
    /// A handset's page: its hours, sectors, findings.
    HandsetSee = "handset.see", Case, "see a handset", "voir un téléphone";
    /// Who holds a handset, by name.
    HolderSee = "holder.see", Case, "see who holds a handset", "voir le détenteur d'un téléphone";
    /// What a finding of a restricted class says.
    FindingSeeRestricted = "finding.see_restricted", Finding, "see a restricted finding", "voir un élément à diffusion restreinte";
    /// A prison's page: floors, cells, its time line.
    FacilitySee = "facility.see", Facility, "see a prison", "voir un établissement";
    /// What was imported, and its quality.
    ImportsSee = "imports.see", Case, "see imports", "voir les imports";
    /// To import, map and look through files.
    ImportMake = "import.make", Case, "import files", "importer des fichiers";
    /// To run a trace.
    TraceRun = "trace.run", Case, "run a trace", "lancer une recherche de téléphones";
    /// To attribute handsets to people.
    AttributeRun = "attribute.run", Case, "attribute handsets", "attribuer les téléphones";
    /// What waits for a person's judgement.
    ReviewSee = "review.see", Case, "see what waits for a decision", "voir ce qui attend une décision";
    /// To judge it.
    ReviewDecide = "review.decide", Case, "decide on a handset", "décider d'un téléphone";
    /// What operators were asked.
    RequestSee = "request.see", Case, "see requests to operators", "voir les réquisitions";
    /// To ask operators.
    RequestMake = "request.make", Case, "draw up a request to an operator", "établir une réquisition";
    /// A plan, whole or of one prison.
    PlanSee = "plan.see", Plan, "see a plan", "voir un plan";
    /// To make a plan and change its limits.
    PlanMake = "plan.make", Case, "make a plan", "faire un plan";
    /// To approve or refuse a plan.
    PlanApprove = "plan.approve", Plan, "approve or refuse a plan", "approuver ou refuser un plan";
    /// To open an approved plan to the prisons and teams.
    PlanRelease = "plan.release", Plan, "release a plan", "communiquer un plan";
    /// To take a plan back.
    PlanWithdraw = "plan.withdraw", Plan, "withdraw a plan", "retirer un plan";
    /// A prison's briefs on paper.
    BriefPrint = "brief.print", Plan, "print briefs", "imprimer les fiches";
    /// How the search of a prison goes.
    SweepSee = "sweep.see", Plan, "follow a search", "suivre une fouille";
    /// To steer it: teams, order, stop.
    SweepCommand = "sweep.command", Plan, "command a search", "commander une fouille";
    /// A cell's sheet on the morning.
    CellSee = "cell.see", Cell, "see a cell's sheet", "voir la fiche d'une cellule";
    /// To enter what was found in a cell.
    SweepEnter = "sweep.enter", Cell, "enter a cell's search", "saisir la fouille d'une cellule";
    /// An exhibit and its chain.
    CustodySee = "custody.see", Case, "see exhibits", "voir les scellés";
    /// To hand over, receive, open, return an exhibit.
    CustodyEnter = "custody.enter", Case, "enter an exhibit's moves", "saisir les mouvements d'un scellé";
    /// The register of confiscations.
    RegisterSee = "register.see", Case, "see the register", "voir le registre";
    /// To enter a confiscation.
    RegisterEnter = "register.enter", Case, "enter a confiscation", "saisir une saisie";
    /// What measures and searches came to.
    AssessSee = "assess.see", Case, "see what searches came to", "voir le bilan des fouilles";
    /// Orders that the case rests on.
    AuthoritySee = "authority.see", Case, "see authorities", "voir les autorisations";
    /// To draw one up.
    AuthorityPropose = "authority.propose", Case, "draw up an authority", "préparer une autorisation";
    /// To grant one.
    AuthorityGrant = "authority.grant", Proposal, "grant an authority", "accorder une autorisation";
    /// Papers of the procedure.
    PaperMake = "paper.make", Case, "draw up papers", "établir les pièces";
    /// The case's report.
    ReportPrint = "report.print", Case, "print the report", "imprimer le rapport";
    /// What would leave, for whom.
    SharePreview = "share.preview", Case, "prepare what is shared", "préparer une communication";
    /// To let it leave.
    ShareApprove = "share.approve", Proposal, "approve what is shared", "approuver une communication";
    /// What data sets the case holds and for how long, without what is in them.
    DataSee = "data.see", Case, "see data sets", "voir les jeux de données";
    /// To review them.
    DataReview = "data.review", Case, "review data sets", "réexaminer les jeux de données";
    /// To restrict one, or lift that.
    DataRestrict = "data.restrict", Case, "restrict a data set", "limiter un jeu de données";
    /// To ask that one be erased.
    DataErase = "data.erase", Case, "ask for an erasure", "demander un effacement";
    /// To be the second person who has it erased.
    DataEraseConfirm = "data.erase_confirm", Proposal, "confirm an erasure", "confirmer un effacement";
    /// To answer a person who asks for their data.
    SubjectAnswer = "subject.answer", Case, "answer a person about their data", "répondre à une personne sur ses données";
    /// Who looked at what in a case, and why.
    AuditRead = "audit.read", Case, "read a case's audit", "lire le journal d'un dossier";
    /// To check the case's logs.
    LogVerify = "log.verify", Case, "verify a case's logs", "vérifier les journaux d'un dossier";
    /// Sign-ins, refusals, changes of roles.
    OfficeAudit = "office.audit", Office, "read the office's audit", "lire le journal du bureau";
    /// Who has which role.
    PeopleSee = "people.see", Office, "see people and roles", "voir les personnes et les rôles";
    /// To add, close, invite; to give and take roles.
    PeopleManage = "people.manage", Office, "manage people and roles", "gérer les personnes et les rôles";
    /// The office's settings.
    SettingsSee = "settings.see", Office, "see settings", "voir les réglages";
    /// To change them.
    SettingsChange = "settings.change", Office, "change settings", "changer les réglages";
    /// To make a backup. It is sealed: whoever makes it can't read it.
    BackupMake = "backup.make", Office, "make a backup", "faire une sauvegarde";
    /// Health and metrics, without personal data.
    HealthSee = "health.see", Office, "see the office's health", "voir l'état du bureau";
    /// Who may what: these rules.
    PoliciesSee = "policies.see", Office, "read the rules", "lire les règles";
    /// One's own account.
    SelfSee = "self.see", Account, "see one's own account", "voir son propre compte";
    /// One's own password, factors, passkeys, sessions.
    SelfSecure = "self.secure", Account, "secure one's own account", "sécuriser son propre compte";
}
