//! What is refused, in French: sentences that come from the steps and from accounts in English. A blank is `{}`.

/// The French of a sentence, where it is one that is known here.
pub fn of(english: &str) -> Option<String> {
    SENTENCES.iter().find_map(|(en, fr)| Some(filled(fr, &blanks(en, english)?)))
}

/// What stands in a sentence's blanks; `None` where it is another sentence.
fn blanks<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let at = if parts.peek().is_none() { rest.len().checked_sub(part.len())? } else { rest.find(part)? };
        let (blank, behind) = rest.split_at_checked(at)?;
        rest = behind.strip_prefix(part)?;
        found.push(blank);
    }
    rest.is_empty().then_some(found)
}

fn filled(pattern: &str, blanks: &[&str]) -> String {
    let mut parts = pattern.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (part, blank) in parts.zip(blanks) {
        text.push_str(&listed(blank));
        text.push_str(part);
    }
    text
}

/// Where a blank holds a list of sentences, those that are known.
fn listed(blank: &str) -> String {
    let known = |part: &str| of(part).unwrap_or_else(|| part.to_owned());
    blank.split("; ").map(known).collect::<Vec<_>>().join(" ; ")
}

const SENTENCES: &[(&str, &str)] = &[
    // Signing in, and accounts.
    ("Nobody is signed in here, or no longer.", "Personne n'est connecté ici, ou ne l'est plus."),
    (
        "the password has fewer than {} characters: a sentence of four or five words does well",
        "Le mot de passe a moins de {} caractères : une phrase de quatre ou cinq mots convient bien.",
    ),
    ("the password has more than {} characters", "Le mot de passe a plus de {} caractères."),
    (
        "the password is made of common words, rows of keys or repeated characters: choose one that nobody would guess",
        "Le mot de passe est fait de mots courants, de suites de touches ou de caractères répétés : choisissez-en un que nul ne devinerait.",
    ),
    (
        "the password has a name in it that others know: choose one without",
        "Le mot de passe contient un nom que d'autres connaissent : choisissez-en un sans ce nom.",
    ),
    (
        "the name and what was given with it don't match; check both and try again",
        "L'identifiant et ce qui l'accompagne ne vont pas ensemble ; vérifiez les deux et réessayez.",
    ),
    (
        "too many failures: try again in {} s, or use a passkey or a browser that you signed in with before",
        "Trop d'échecs : réessayez dans {} s, ou utilisez une clé d'accès ou un navigateur déjà connu pour vous.",
    ),
    ("this took too long or was used already: begin again", "Cela a pris trop de temps ou a déjà servi : recommencez."),
    (
        "This took too long or never began here: begin again.",
        "Cela a pris trop de temps ou n'a pas commencé ici : recommencez.",
    ),
    ("prove again who you are, then do this", "Prouvez de nouveau votre identité, puis recommencez."),
    ("that name is taken: choose another", "Cet identifiant est pris : choisissez-en un autre."),
    (
        "this is the last administrator: name another one first",
        "C'est le dernier administrateur : nommez-en d'abord un autre.",
    ),
    (
        "This invitation is no longer good: ask for another one.",
        "Cette invitation ne vaut plus : demandez-en une autre.",
    ),
    ("There is no such session of yours.", "Vous n'avez pas de telle session."),
    ("There is no such person.", "Il n'y a pas de telle personne."),
    ("{} is no role.", "{} n'est pas un rôle."),
    ("open, judicial or intelligence", "ouvert, judiciaire ou renseignement"),
    (
        "This request didn't come from a page of this office: read it again.",
        "Cette demande ne vient pas d'une page de ce bureau : rechargez la page.",
    ),
    // Looking.
    (
        "A plan goes to all prisons of the case, and your role doesn't reach them all.",
        "Un plan porte sur tous les établissements du dossier, et votre rôle ne les couvre pas tous.",
    ),
    (
        "Whoever looks into an investigation says why: send the header X-Reason.",
        "Qui consulte une enquête dit pourquoi : donnez le motif.",
    ),
    ("Say why, in 1 to 4000 characters.", "Dites pourquoi, en 1 à 4000 caractères."),
    ("A step has not been run yet.", "Une étape n'a pas encore été faite."),
    ("A field can't be used as it stands.", "Un champ ne peut pas être repris tel quel."),
    ("There is no such facility.", "Cet établissement n'existe pas ici."),
    ("That is no facility's identifier.", "Ce n'est pas le code d'un établissement."),
    ("The latest trace lists no such handset.", "La dernière recherche ne liste pas ce téléphone."),
    ("A probability is between 0 and 1.", "Une probabilité va de 0 à 1."),
    // Authorities.
    ("Nobody in this office has that name.", "Personne dans ce bureau n'a cet identifiant."),
    ("this takes two people", "Cet acte demande deux personnes."),
    (
        "{} files came in under {}, which has lapsed: what rests on them is locked",
        "{} fichiers ont été reçus sous une autorisation qui a expiré ({}) : ce qui repose sur eux est fermé. Faites-la prolonger.",
    ),
    ("the authority {} lapsed at {}", "L'autorisation {} a expiré le {}."),
    ("no authority {} has been granted in this case", "Aucune autorisation {} n'a été accordée dans ce dossier."),
    (
        "the authority {} does not order operators' records",
        "L'autorisation {} n'ordonne pas la communication de relevés.",
    ),
    (
        "the case has several authorities, {}: name the one that orders this",
        "Le dossier a plusieurs autorisations, {} : nommez celle qui ordonne cela.",
    ),
    (
        "{} is an investigation, and nothing may enter it without an authority",
        "Ce dossier est une enquête : rien n'y entre sans autorisation.",
    ),
    ("an authority has to state {}", "Une autorisation doit indiquer ce qui manque ici : {}."),
    (
        "no file lies beside this text: list the sectors in it",
        "Aucun fichier n'accompagne ce texte : listez-y les secteurs.",
    ),
    ("line {}: {}", "Ligne {} : le texte ne peut pas être lu ({})."),
    // Plans.
    (
        "the plan can't be approved: the plan names no authority",
        "Le plan ne peut pas être approuvé : il ne nomme aucune autorisation.",
    ),
    (
        "the plan can't be approved: no authority {} has been granted in this case",
        "Le plan ne peut pas être approuvé : aucune autorisation {} n'a été accordée dans ce dossier.",
    ),
    (
        "the plan can't be approved: the authority {} lapsed at {}",
        "Le plan ne peut pas être approuvé : l'autorisation {} a expiré le {}.",
    ),
    (
        "the plan can't be approved: the authority {} does not order searches",
        "Le plan ne peut pas être approuvé : l'autorisation {} n'ordonne pas de fouilles.",
    ),
    (
        "the plan can't be approved: cell {} of {} is not covered by the authority {}",
        "Le plan ne peut pas être approuvé : la cellule {} de {} n'est pas couverte par l'autorisation {}.",
    ),
    (
        "the plan can't be approved: a common place of {} is not covered by the authority {}",
        "Le plan ne peut pas être approuvé : un lieu commun de {} n'est pas couvert par l'autorisation {}.",
    ),
    (
        "the plan can't be approved: {} is not covered by the authority {}",
        "Le plan ne peut pas être approuvé : {} n'est pas couvert par l'autorisation {}.",
    ),
    (
        "what is asked for is not released yet, and one person alone can't open it",
        "Ce plan n'est pas encore communiqué, et une personne seule ne peut pas l'ouvrir.",
    ),
    (
        "There is no approved plan: the day begins with one.",
        "Il n'y a pas de plan approuvé : la journée commence par là.",
    ),
    ("There is no plan yet.", "Il n'y a pas encore de plan."),
    ("No search day is open here.", "Aucune journée de fouille n'est ouverte ici."),
    ("No brief of this facility is open now.", "Aucune fiche de cet établissement n'est ouverte en ce moment."),
    ("At least one team, and no more than a thousand.", "Au moins une équipe, et mille au plus."),
    (
        "The text names several kinds of teams for every facility: change their `count` there.",
        "Le texte nomme plusieurs sortes d'équipes pour tous les établissements : changez-y leur nombre (`count`).",
    ),
    ("Hours above zero, and no more than a thousand.", "Plus de zéro heure, et mille au plus."),
    ("The teams `{}` begin only after {} minutes.", "Les équipes `{}` ne commencent qu'après {} minutes."),
    ("the limits can't all be met: {}", "Ces limites ne peuvent pas être tenues toutes ensemble : {}."),
    ("at most {} cells in all", "{} cellules au plus en tout"),
    ("at most {} facilities", "{} établissements au plus"),
    ("at most {} cells in {}", "{} cellules au plus à {}"),
    ("the time that {}'s teams have", "le temps dont disposent les équipes de {}"),
    ("{} of {} have to be searched", "{} de {} doivent être fouillées"),
    (
        "the limits name facility {}, and the case has none of that name",
        "Les limites nomment l'établissement {}, que le dossier ne connaît pas.",
    ),
    (
        "the limits name cell {} of {}, and the case has none of that name",
        "Les limites nomment la cellule {} de {}, que le dossier ne connaît pas.",
    ),
    (
        "cell {} of {} has to be searched, but the authority does not cover it",
        "La cellule {} de {} doit être fouillée, mais l'autorisation ne la couvre pas.",
    ),
    (
        "cell {} of {} both has to be searched and is not to be",
        "La cellule {} de {} doit à la fois être fouillée et ne pas l'être.",
    ),
    ("cell {} of {} can't be planned", "La cellule {} de {} ne peut pas être mise au plan."),
    ("limits:{}: {}", "Le texte des limites ne peut pas être lu, ligne {} ({})."),
    ("limits: {}", "Ces limites ne peuvent pas être reprises : {}."),
    // The search day, as its own pages refuse.
    (
        "this device isn't known here: have it enrolled at the desk",
        "Cet appareil n'est pas connu ici : faites-le inscrire au bureau.",
    ),
    (
        "a device sends its own messages: another one's are for the desk",
        "Un appareil n'envoie que ses propres saisies : celles d'un autre se reprennent au bureau.",
    ),
    ("another device's entries are taken over at a desk", "Les saisies d'un autre appareil se reprennent au bureau."),
    ("nothing is kept under this name", "Rien n'est gardé sous ce nom."),
    (
        "the code is unknown, was used by another device, or has expired: ask the desk for another one",
        "Ce code est inconnu, a servi à un autre appareil ou a expiré : demandez-en un autre au bureau.",
    ),
    (
        "too much that can't be accepted came from this device: wait",
        "Cet appareil a envoyé trop de choses irrecevables : attendez.",
    ),
    (
        "nothing could be kept, and nothing was: send it again",
        "Rien n'a pu être gardé, et rien ne l'a été : envoyez de nouveau.",
    ),
    ("the photo goes on at byte {}", "La suite de la photo commence à l'octet {}."),
    (
        "a photo has 1 byte to 12 MiB: take it with fewer dots",
        "Une photo a de 1 octet à 12 Mio : prenez-la moins fine.",
    ),
    (
        "these bytes aren't the photo that the name says: send it from its beginning",
        "Ces octets ne sont pas la photo annoncée : renvoyez-la depuis le début.",
    ),
    (
        "more bytes than one request may have: send less at a time",
        "C'est plus d'octets qu'une demande ne peut en avoir : envoyez moins à la fois.",
    ),
    (
        "more messages than one request may have: send less at a time",
        "C'est plus de messages qu'une demande ne peut en avoir : envoyez moins à la fois.",
    ),
    ("the body broke off", "L'envoi s'est interrompu : recommencez."),
    ("this can't be read: {}", "Ceci ne peut pas être lu ({})."),
    (
        "message {} can't be read and was kept for people to look at: {}",
        "Le message {} ne peut pas être lu ; il est gardé pour examen ({}).",
    ),
    (
        "an export has batches of one device's entries, one a line, and nothing else",
        "Ce fichier n'est pas celui des saisies d'un seul appareil.",
    ),
    (
        "what: this isn't entered by hand at the command post",
        "Cela ne se saisit pas à la main au poste de commandement.",
    ),
    ("minutes: a code holds for 1 to 1440 minutes", "Un code vaut de 1 à 1440 minutes."),
    (
        "the day isn't open yet: approve and release a plan",
        "La journée n'est pas encore ouverte : approuvez et communiquez un plan.",
    ),
    ("post: the plan has no such team", "Le plan n'a pas d'équipe de ce nom."),
    ("post: the plan has no such site", "Le plan n'a pas de site de ce nom."),
    (
        "number: the site's next plan has the number {}; look at the wall again",
        "Le prochain plan de ce site porte le numéro {} : regardez de nouveau le mur.",
    ),
    ("cells: {} is not in the plan that was approved", "La cellule {} n'est pas dans le plan approuvé."),
    ("cells: the team {} is not at {}", "L'équipe {} n'est pas à {}."),
    (
        "more witnesses, photos, seals or cells than any entry has",
        "C'est plus de témoins, de photos, de scellés ou de cellules qu'une saisie n'en a.",
    ),
    ("longer than {} bytes", "C'est plus long que {} octets."),
    // Files.
    (
        "A file's own name, without folders, of up to 200 characters.",
        "Le nom du fichier seul, sans dossier, de 200 caractères au plus.",
    ),
    ("A file has between 1 and {} bytes.", "Un fichier a entre 1 et {} octets."),
    ("Say which table it is.", "Dites de quelle table il s'agit."),
    ("{} uploads are under way: finish some first.", "{} envois sont en cours : terminez-en d'abord."),
    ("Another piece of this file is being written.", "Une autre partie de ce fichier est en cours d'écriture."),
    ("The next piece is from byte {}.", "La suite du fichier commence à l'octet {}."),
    ("There is no such upload of yours.", "Vous n'avez pas d'envoi de ce nom."),
];

#[cfg(test)]
mod tests {
    use cellsweep_accounts::{AccountsError, PasswordError};
    use cellsweep_flow::FlowError;

    use super::of;

    #[test]
    fn a_sentence_is_known_with_whatever_stands_in_its_blanks() {
        assert_eq!(
            of("the authority 2026-1 lapsed at noon").as_deref(),
            Some("L'autorisation 2026-1 a expiré le noon.")
        );
        assert_eq!(of("X is no role.").as_deref(), Some("X n'est pas un rôle."));
        assert_eq!(
            of("the limits can't all be met: at most 5 cells in all; at most 2 cells in F01; a new kind").as_deref(),
            Some(
                "Ces limites ne peuvent pas être tenues toutes ensemble : 5 cellules au plus en tout ; 2 cellules au plus à F01 ; a new kind."
            )
        );
        assert_eq!(of("something that nobody translated"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn what_people_are_refused_most_is_known_in_french() {
        let why = |why: &str| why.to_owned();
        let flow = [
            FlowError::Locked { ids: vec![why("2026-1")], imports: 3 },
            FlowError::WhichAuthority { ids: vec![why("A"), why("B")] },
            FlowError::NoAuthority { dir: "case".into() },
            FlowError::TwoPeople,
            FlowError::NotReleased,
            FlowError::Unauthorised { why: why("the authority A does not order searches") },
        ];
        let accounts = [
            AccountsError::Password(PasswordError::Short),
            AccountsError::Password(PasswordError::Long),
            AccountsError::Password(PasswordError::Common),
            AccountsError::Password(PasswordError::Name),
            AccountsError::NameTaken,
            AccountsError::LastAdministrator,
            AccountsError::Stale,
            AccountsError::ProveAgain,
            AccountsError::Locked { wait: std::time::Duration::from_secs(8) },
        ];
        for english in flow.iter().map(ToString::to_string).chain(accounts.iter().map(ToString::to_string)) {
            assert!(of(&english).is_some(), "{english}");
        }
    }
}
