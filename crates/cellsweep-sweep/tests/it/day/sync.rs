//! A device and the server, message by message.

use cellsweep_sweep::Signature;
use cellsweep_sweep::day::{Audience, Checked, DayWhat, Envelope, Post};
use cellsweep_sweep::sync::{Entering, FromPhone, FromServer, Phase, Phone, Ranges, Server, Standing, Tick};

use super::made::{at, enrolled, nothing, started};
use crate::made::party;
use crate::sim::made::{key, sign, verify};

fn tick(minute: i64) -> Tick {
    Tick { clock: at(minute), steady_ms: u64::try_from(minute).unwrap() * 60_000 }
}

fn enter(phone: &mut Phone, what: DayWhat) {
    let name = phone.device().to_string();
    let text = phone.draft(party(&name), at(0), what).unwrap();
    let signature = sign(&key(&name), &text);
    phone.enter(text, signature).unwrap();
}

/// Command and a team's device, whose enrolment hasn't come in yet.
fn two() -> (Phone, Phone, Server) {
    let mut command = Phone::new("c".parse().unwrap());
    enter(&mut command, DayWhat::Opened { plan: super::made::plan(), command: Vec::new() });
    enter(&mut command, enrolled("a1", Post::Team("A".parse().unwrap())));
    let server = Server::new("c".parse().unwrap(), key("c"));
    (command, Phone::new("a1".parse().unwrap()), server)
}

/// One batch comes, is written and acknowledged.
fn deliver(server: &mut Server, batch: FromPhone) -> Vec<FromServer> {
    let came = server.receive(batch, at(1), &verify);
    assert!(came.write.is_empty() || came.answers.is_empty(), "nothing is acknowledged before it is written");
    let mut answers = came.answers;
    answers.extend(server.durable(came.write.len()));
    let again = server.check_again(&verify).len();
    answers.extend(server.durable(again));
    answers
}

fn send_all(phone: &mut Phone, server: &mut Server) {
    while let Some(batch) = phone.batch() {
        for answer in deliver(server, batch) {
            phone.receive(answer, tick(1));
        }
    }
}

#[test]
fn an_entry_is_acknowledged_when_it_is_written_and_its_device_is_known() {
    let (mut command, mut phone, mut server) = two();
    enter(&mut phone, started("a1"));
    let batch = phone.batch().unwrap();
    let came = server.receive(batch.clone(), at(1), &verify);
    assert_eq!((came.write.len(), came.write[0].checked, came.answers.len()), (1, Checked::Unknown, 0));
    let answers = server.durable(1);
    assert!(matches!(&answers[..], [FromServer::Acknowledged { have, .. }] if have.is_empty()), "nobody knows it yet");
    assert_eq!(server.day().apart().len(), 1);
    send_all(&mut command, &mut server);
    assert_eq!(server.have(phone.device()).count(), 1, "checked again when command's word came");
    assert_eq!(server.day().apart().len(), 0);
    assert!(matches!(&deliver(&mut server, batch)[..], [FromServer::Acknowledged { have, .. }] if have.count() == 1));
}

#[test]
fn what_comes_twice_before_it_is_written_is_written_once() {
    let (mut command, mut phone, mut server) = two();
    send_all(&mut command, &mut server);
    enter(&mut phone, started("a1"));
    let batch = phone.batch().unwrap();
    let (first, again) = (server.receive(batch.clone(), at(1), &verify), server.receive(batch, at(2), &verify));
    assert_eq!((first.write.len(), again.write.len()), (1, 0));
    assert!(matches!(&again.answers[..], [FromServer::Acknowledged { have, .. }] if have.is_empty()), "not yet");
    let answers = server.durable(1);
    assert!(matches!(&answers[..], [FromServer::Acknowledged { have, .. }] if have.count() == 1));
}

#[test]
fn a_forged_entry_takes_nobodys_place() {
    let (mut command, mut phone, mut server) = two();
    send_all(&mut command, &mut server);
    enter(&mut phone, started("a1"));
    let FromPhone::Batch { device, first, mut entries } = phone.batch().unwrap() else { unreachable!() };
    let honest = FromPhone::Batch { device: device.clone(), first, entries: entries.clone() };
    entries[0].signature = sign(&key("x"), "x");
    let answers = deliver(&mut server, FromPhone::Batch { device: device.clone(), first, entries });
    assert!(matches!(&answers[..], [FromServer::Acknowledged { have, .. }] if have.is_empty()));
    deliver(&mut server, honest);
    assert_eq!((server.have(&device).count(), server.day().apart().len()), (1, 1));
}

#[test]
fn what_is_never_acknowledged_holds_up_nothing_else() {
    let (mut command, mut phone, mut server) = two();
    send_all(&mut command, &mut server);
    let text = phone.draft(party("a1"), at(0), started("a1")).unwrap();
    let wrong: Signature = sign(&key("x"), &text);
    phone.enter(text, wrong).unwrap();
    (0..600).for_each(|_| enter(&mut phone, nothing("a2")));
    for _ in 0..8 {
        let batch = phone.batch().unwrap();
        for answer in deliver(&mut server, batch) {
            phone.receive(answer, tick(1));
        }
    }
    assert_eq!(phone.acknowledged().missing(phone.last()).count(), 1);
    phone.revoked();
    assert_eq!((phone.phase(), phone.shred()), (Phase::Sending, false), "it still holds something");
}

#[test]
fn a_device_ends_when_everything_is_acknowledged() {
    let (mut command, mut phone, mut server) = two();
    send_all(&mut command, &mut server);
    enter(&mut phone, started("a1"));
    enter(&mut phone, DayWhat::Finished {});
    assert!(matches!(phone.draft(party("a1"), at(0), nothing("a1")), Err(Entering::Over)));
    let anew = {
        let (outbox, acknowledged, heard) = phone.kept();
        Phone::restored(phone.device().clone(), outbox.to_vec(), acknowledged.clone(), heard.clone())
    };
    assert_eq!(anew.phase(), Phase::Sending, "a restart doesn't reopen it");
    assert!(!phone.shred());
    send_all(&mut phone, &mut server);
    assert_eq!((phone.phase(), phone.shred(), phone.phase()), (Phase::Done, true, Phase::Shredded));
    assert!(phone.export().is_empty());
}

#[test]
fn what_a_server_lost_is_sent_again() {
    let (mut command, mut phone, mut server) = two();
    send_all(&mut command, &mut server);
    let backup = server.clone();
    enter(&mut phone, started("a1"));
    send_all(&mut phone, &mut server);
    assert!(phone.batch().is_none());
    let mut server = backup;
    let hello = phone.hello(tick(1));
    for answer in server.receive(hello, at(1), &verify).answers {
        phone.receive(answer, tick(1));
    }
    send_all(&mut phone, &mut server);
    assert_eq!(server.have(phone.device()).count(), 1);
}

/// A plan has every team's cells, and what is expected in them.
#[test]
fn a_new_plan_is_told_by_its_number_and_reason_alone() {
    let (mut command, mut phone, mut server) = two();
    let (site, why) = ("F1".parse().unwrap(), "slow".parse().unwrap());
    let cells = vec![super::made::planned("b2", "B", 300)];
    enter(&mut command, DayWhat::Replanned { site, number: 1, cells, why });
    let changed = DayWhat::PlanChanged { site: "F1".parse().unwrap(), number: 1, why: "slow".parse().unwrap() };
    enter(&mut command, changed.clone());
    send_all(&mut command, &mut server);
    let hello = phone.hello(tick(1));
    let answers = server.receive(hello, at(1), &verify).answers;
    let news: Vec<Envelope> = answers.into_iter().flat_map(|answer| phone.receive(answer, tick(1)).news).collect();
    assert_eq!(news.iter().map(|word| word.open(at(1)).unwrap().what).collect::<Vec<_>>(), [changed]);
}

/// The server's disk is put back to before command's last words; then command says others.
#[test]
fn words_reach_a_device_that_heard_more_than_a_restored_server_knows() {
    let (mut command, mut phone, mut server) = two();
    let all = |command: &mut Phone, server: &mut Server, text: &str| {
        enter(command, DayWhat::Announced { to: Audience::All, text: text.parse().unwrap() });
        send_all(command, server);
    };
    let hear = |phone: &mut Phone, server: &mut Server| -> Vec<String> {
        let hello = phone.hello(tick(1));
        let answers = server.receive(hello, at(1), &verify).answers;
        let news = answers.into_iter().flat_map(|answer| phone.receive(answer, tick(1)).news);
        let said = |envelope: Envelope| match envelope.open(at(1)).unwrap().what {
            DayWhat::Announced { text, .. } => text.as_str().to_owned(),
            other => panic!("{other:?}"),
        };
        news.map(said).collect()
    };
    send_all(&mut command, &mut server);
    let empty = server.clone();
    all(&mut command, &mut server, "one");
    let (backup, mut known) = (server.clone(), command.clone());
    all(&mut command, &mut server, "two");
    assert_eq!(hear(&mut phone, &mut server), ["one", "two"]);

    // As many words as it has heard, and another one among them.
    let (mut restored, mut as_far) = (backup, phone.clone());
    all(&mut known, &mut restored, "stop");
    assert_eq!(hear(&mut as_far, &mut restored), ["one", "stop"]);
    assert_eq!(hear(&mut as_far, &mut restored), [""; 0], "once");

    // Fewer than it has heard.
    let mut restored = empty;
    assert_eq!(hear(&mut phone, &mut restored), [""; 0]);
    all(&mut known, &mut restored, "go on");
    assert!(hear(&mut phone, &mut restored).contains(&"go on".to_owned()));
}

#[test]
fn a_clock_is_measured_where_nobody_set_it_meanwhile() {
    let welcome = |phone: &mut Phone, sent: Tick, now: Tick| {
        let FromPhone::Hello { device, clock, .. } = phone.hello(sent) else { unreachable!() };
        let message = FromServer::Welcome {
            device,
            clock: at(100),
            echo: clock,
            have: Ranges::new(),
            standing: Standing::Enrolled,
        };
        phone.receive(message, now).reading
    };
    let seconds = |tick: Tick, clock: i64, steady: u64| Tick {
        clock: tick.clock + jiff::SignedDuration::from_secs(clock),
        steady_ms: tick.steady_ms + steady * 1_000,
    };
    let mut phone = Phone::new("a1".parse().unwrap());
    let reading = welcome(&mut phone, tick(5), seconds(tick(5), 4, 4)).unwrap();
    assert_eq!(
        (reading.its_time, reading.true_time, reading.within_ms),
        (at(5) + jiff::SignedDuration::from_secs(2), at(100), 2_002)
    );
    assert_eq!(welcome(&mut phone, tick(6), seconds(tick(6), 4, 304)), None, "set back in between");
    assert_eq!(welcome(&mut phone, tick(6), seconds(tick(6), 90, 90)), None, "took too long to say anything");
    let other = FromServer::Welcome {
        device: "a1".parse().unwrap(),
        clock: at(9),
        echo: at(1),
        have: Ranges::new(),
        standing: Standing::Enrolled,
    };
    assert_eq!(phone.receive(other, tick(9)).reading, None, "answers another hello");
}

#[test]
fn commands_words_reach_those_whom_they_concern() {
    let (mut command, mut phone, mut server) = two();
    enter(&mut command, enrolled("b1", Post::Team("B".parse().unwrap())));
    let to = Audience::Team("A".parse().unwrap());
    enter(&mut command, DayWhat::Announced { to, text: "slower".parse().unwrap() });
    send_all(&mut command, &mut server);
    let mut news = |phone: &mut Phone| {
        let hello = phone.hello(tick(1));
        let answers = server.receive(hello, at(1), &verify).answers;
        answers.into_iter().flat_map(|answer| phone.receive(answer, tick(1)).news).count()
    };
    let mut other = Phone::new("b1".parse().unwrap());
    assert_eq!((news(&mut phone), news(&mut other)), (1, 0));
    assert_eq!((news(&mut phone), news(&mut other)), (0, 0), "once");
    assert_eq!(news(&mut Phone::new("stranger".parse().unwrap())), 0);
}

#[test]
fn a_revoked_device_enters_no_more_sends_what_it_has_and_ends() {
    let (mut command, mut phone, mut server) = two();
    send_all(&mut command, &mut server);
    enter(&mut phone, started("a1"));
    let (device, why) = (phone.device().clone(), "stolen".parse().unwrap());
    enter(&mut command, DayWhat::Revoked { device, why });
    send_all(&mut command, &mut server);
    let hello = phone.hello(tick(1));
    for answer in server.receive(hello, at(1), &verify).answers {
        phone.receive(answer, tick(1));
    }
    assert!(matches!(phone.draft(party("a1"), at(0), nothing("a1")), Err(Entering::Over)));
    send_all(&mut phone, &mut server);
    assert_eq!((server.have(phone.device()).count(), phone.phase()), (1, Phase::Done));
}

#[test]
fn a_dead_devices_entries_are_taken_off_it() {
    let (mut command, mut phone, mut server) = two();
    send_all(&mut command, &mut server);
    (0..300).for_each(|_| enter(&mut phone, nothing("a1")));
    for batch in phone.export() {
        deliver(&mut server, batch);
    }
    assert_eq!(server.have(phone.device()).count(), 300);
}

#[test]
fn a_code_holds_an_offer_and_no_more_than_a_code_holds() {
    let envelope = |text: String| Envelope { text, signature: sign(&key("x"), "x") };
    let offer = envelope("x".repeat(1_000));
    assert_eq!(Envelope::from_code(&offer.code().unwrap()).unwrap(), offer);
    assert!(envelope("x".repeat(3_000)).code().is_err());
    assert!(Envelope::from_code(&"x".repeat(3_000)).is_err());
}
