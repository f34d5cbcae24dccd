//! Orders as shops export them.

use insta::assert_snapshot;

use super::{ship, told_shaped};

#[test]
fn shopify() {
    let text = "Name,Email,Currency,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Billing Address1,Billing Zip,Billing City,Billing Country,Billing Phone\n\
        #1001,a@mail.example,EUR,2026-03-17 14:53:57 +0100,2,MI-9,36.50,Ines Tessol,70 rue Sambron,'20053,Ville-9,FR,'+33639980001\n\
        #1001,,,,1,MI-5,20.00,,,,,,\n\
        #1002,b@mail.example,EUR,2026-03-18 08:00:00 +0100,1,MI-9,36.50,Al Gimel,,18936,Ville-8,FR,\n";
    assert_snapshot!(told_shaped(&ship("ledger-shopify"), "orders.csv", text.as_bytes()), @"
    3 of 3 kept
    #1001,2026-03-17T13:53:57Z,MI-9,2,,36.5,EUR,Ines Tessol,a@mail.example,+33639980001,70 rue Sambron,20053,Ville-9,FR
    #1001,2026-03-17T13:53:57Z,MI-5,1,,20.0,EUR,Ines Tessol,a@mail.example,+33639980001,70 rue Sambron,20053,Ville-9,FR
    #1002,2026-03-18T07:00:00Z,MI-9,1,,36.5,EUR,Al Gimel,b@mail.example,,,18936,Ville-8,FR
    ");
}

#[test]
fn woocommerce_and_a_zone_that_has_to_be_said() {
    let text = "Order Number,Order Status,Order Date,First Name (Billing),Last Name (Billing),Address 1&2 (Billing),City (Billing),Postcode (Billing),Country Code (Billing),Email (Billing),Phone (Billing),Item Name,Quantity (- Refund),Item Cost\n\
        77,Completed,2026-03-17 14:53,Ines,Tessol,70 rue Sambron,Ville-9,20053,FR,a@mail.example,+33639980001,MI-9,2,36.5\n\
        78,Cancelled,2026-03-17 15:53,Al,Gimel,,Ville-8,18936,FR,b@mail.example,,MI-9,1,36.5\n";
    let mut profile = ship("ledger-woocommerce");
    assert_snapshot!(told_shaped(&profile, "orders.csv", text.as_bytes()), @"
    refused: orders.csv: the profile leaves the time zone to you
    hint: say it with `--zone Europe/Paris`; ask the sender if you don't know it
    ");
    profile.time.as_mut().unwrap().zone = "Europe/Paris".to_owned();
    assert_snapshot!(told_shaped(&profile, "orders.csv", text.as_bytes()), @"
    1 of 2 kept
    line 3: row is left out by the profile (Order Status: Cancelled)
    77,2026-03-17T13:53:00Z,MI-9,2,,36.5,,Ines Tessol,a@mail.example,+33639980001,70 rue Sambron,20053,Ville-9,FR
    ");
}

#[test]
fn prestashop() {
    let mut profile = ship("ledger-prestashop");
    profile.time.as_mut().unwrap().zone = "Europe/Paris".to_owned();
    let text = "ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date\n\
        7;XKBKNABJK;1;France;I. Tessol;1 036,50 €;Card;Livré;2026-07-17 14:53:57\n8;OHSATSERP;0;France;A. Gimel;20,00 €;Card;Annulé;2026-07-17 15:53:57\n";
    assert_snapshot!(told_shaped(&profile, "orders.csv", text.as_bytes()), @"
    1 of 2 kept
    line 3: row is left out by the profile (Status: Annulé)
    doubt: column `ID` is not used: 1
    doubt: column `New client` is not used: 1
    doubt: column `Payment` is not used: 1
    XKBKNABJK,2026-07-17T12:53:57Z,,,,1036.5,,I. Tessol,,,,,,France
    ");
}

#[test]
fn paypal() {
    let mut profile = ship("ledger-paypal");
    profile.time.as_mut().unwrap().zone = "UTC".to_owned();
    let text = "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,From Email Address,Transaction ID,Item Title,Quantity,Address Line 1,Town/City,Zip/Postal Code,Country,Contact Phone Number\n\
        17/07/2026,14:53:57,CEST,Ines Tessol,Website Payment,Completed,EUR,\"1,036.50\",a@mail.example,T1,MI-9,2,70 rue Sambron,Ville-9,20053,FR,\n\
        17/07/2026,15:53:57,Nowhere/Land,Ines Tessol,Website Payment,Completed,EUR,36.50,a@mail.example,T2,MI-9,1,,,,,\n\
        17/07/2026,16:53:57,CEST,,General Withdrawal,Completed,EUR,-36.50,,T3,,,,,,,\n";
    assert_snapshot!(told_shaped(&profile, "activity.csv", text.as_bytes()), @"
    1 of 3 kept
    line 3: time has no zone (17/07/2026 15:53:57)
    line 4: row is left out by the profile (Type: General Withdrawal)
    T1,2026-07-17T12:53:57Z,MI-9,2,,1036.5,EUR,Ines Tessol,a@mail.example,,70 rue Sambron,20053,Ville-9,FR
    ");
}

#[test]
fn stripe() {
    let text = "id,Description,Created (UTC),Amount,Currency,Status,Customer Email,Card Name,Card Address Line1,Card Address City,Card Address Country,Card Address Zip\n\
        ch_1,MI-9 x2,2026-03-17 14:53,73.00,eur,Paid,a@mail.example,Ines Tessol,70 rue Sambron,Ville-9,FR,20053\n\
        ch_2,MI-9,2026-03-17 15:53,36.50,eur,Failed,b@mail.example,,,,,\n";
    assert_snapshot!(told_shaped(&ship("ledger-stripe"), "payments.csv", text.as_bytes()), @"
    1 of 2 kept
    line 3: row is left out by the profile (Status: Failed)
    ch_1,2026-03-17T14:53:00Z,MI-9 x2,,,73.0,eur,Ines Tessol,a@mail.example,,70 rue Sambron,20053,Ville-9,FR
    ");
}
