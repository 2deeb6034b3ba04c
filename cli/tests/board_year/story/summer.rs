//! From the July Board to the eve of the September Board.

use super::founding::PARTNERS;
use crate::expect::privacy_in_registers::REGISTERS;
use crate::office::{Office, SHORT_FORMS};

pub fn record(office: &mut Office) {
    let held = july_board(office);
    july_decisions(office);
    july_minutes(office, held);
    concordat(office);
    data_sharing(office);
    delivery(office);
    towards_september(office);
}

/// Gives the entry that says who was there.
fn july_board(office: &mut Office) -> u64 {
    office.at("2025-07-09 17:00:00");
    let held = office.record(
        "sam",
        "MeetingHeld --subject meeting/board-2025-07 --effective '9 July 2025' \
         --present person={cora},organisation=organisation/icb,voting=true \
         --present person={nina},organisation=organisation/mental-health-trust,voting=true \
         --present person={vera},organisation=organisation/mind,voting=true \
         --present 'post=Chief Operating Officer,organisation=organisation/hospitals,voting=true' \
         --present 'post=Director of Nursing,organisation=organisation/community-trust,voting=true' \
         --present 'post=Superintendent,organisation=organisation/police,voting=true' \
         --in-attendance person={sam} --chaired-by person/{cora} --quorate true \
         --public-present 41",
    );
    for (who, organisation) in [("nina", "mental-health-trust"), ("vera", "mind")] {
        office.record(
            "sam",
            &format!(
                "InterestDeclared --subject interest/{who}-evaluation --person {{{who}}} \
                 --interest 'The employer bids for the contract' --kind financial --item 8 \
                 --organisation organisation/{organisation} --handling left \
                 --meeting meeting/board-2025-07 --minute 8"
            ),
        );
    }
    held
}

fn july_decisions(office: &mut Office) {
    // The draft is not what was agreed on: Ashford's words stand in the second version only.
    office.refused(
        "cora",
        "minutes-text",
        &["not the one approved", "approve the newest text"],
        "MinutesApproved --subject minutes/board-2025-05 --meeting meeting/board-2025-07 --minute 2 \
         --text '{sha256 minutes-2025-05-v1.txt}'",
    );
    office.record(
        "cora",
        "MinutesApproved --subject minutes/board-2025-05 --meeting meeting/board-2025-07 --minute 2 \
         --text '{sha256 minutes-2025-05-v2.txt}'",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/chairs-action-noted --title 'Bridging money: action by the chair' \
         --kind noted --body body/board --manner consensus --evidence decision/winter-bridging \
         --meeting meeting/board-2025-07 --minute 3",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/data-sharing-put-off --title 'Data sharing agreement' \
         --kind deferred --body body/board --manner consensus \
         --meeting meeting/board-2025-07 --minute 5",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/crisis-line-date --title 'Crisis line by March 2026' \
         --kind agreed --body body/board --manner consensus \
         --meeting meeting/board-2025-07 --minute 6",
    );
    office.record(
        "lena",
        "MilestoneSlipped --subject milestone/crisis-line --to 'Q4 2025/26' --standing agreed \
         --agreed-by decision/crisis-line-date --reason 'staff are trained only from January' \
         --meeting meeting/board-2025-07 --minute 6",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/concordat-text --title 'Crisis concordat: text for signature' \
         --kind approved --body body/board --manner vote \
         --votes in_favour=5,against=0,abstained=1 --meeting meeting/board-2025-07 --minute 7",
    );
    office.record(
        "sam",
        "ActionAssigned --subject action/carers-survey --text 'Ask carers what they need' \
         --owner 'Engagement Manager' --lead {dev} --body body/board --due '31 October 2025' \
         --meeting meeting/board-2025-07 --minute 7",
    );
    // Six voting members are there, two have left the room: four are fewer than five.
    office.refused(
        "sam",
        "decision-quorate",
        &[
            "not quorate: 5 voting members are needed, 4 counted",
            "put the matter to a quorate meeting, or record a written resolution",
        ],
        "DecisionMade --subject decision/evaluation-contract --title 'Evaluation contract' \
         --kind approved --body body/board --manner vote \
         --votes in_favour=4,against=0,abstained=0 --meeting meeting/board-2025-07 --minute 8",
    );
    office.at("2025-07-10 10:00:00");
    office.record(
        "lena",
        "RiskRescored --subject risk/workforce --from likelihood=4,impact=4 \
         --to likelihood=3,impact=4 --controls 'Bank staff until January'",
    );
}

fn july_minutes(office: &mut Office, held: u64) {
    office.write(
        "minutes-2025-07-v1.txt",
        "Minutes of the Board, 9 July 2025, first draft\n",
    );
    office.write(
        "minutes-2025-07-v2.txt",
        "Minutes of the Board, 9 July 2025, with the abstention\n",
    );
    office.at("2025-07-16 09:30:00");
    office.record(
        "sam",
        "MinutesDrafted --subject minutes/board-2025-07 --minutes-of meeting/board-2025-07 \
         --document @minutes-2025-07-v1.txt --version 1",
    );
    // 41 do not fit into the reading room of Calder Library.
    office.at("2025-07-18 09:00:00");
    office.record(
        "sam",
        &format!(
            "CorrectionRecorded --subject meeting/board-2025-07 --entry {held} \
             --field public_present --value 14 --reason 'two figures were swapped'"
        ),
    );
    office.at("2025-07-28 11:00:00");
    office.record(
        "sam",
        "MinutesAmended --subject minutes/board-2025-07 --version 2 \
         --changes 'Minute 7 names who abstained' --document @minutes-2025-07-v2.txt",
    );
}

fn concordat(office: &mut Office) {
    office.write(
        "concordat.txt",
        "We answer every crisis together, whoever is called first.\n",
    );
    let asked: Vec<String> = PARTNERS
        .iter()
        .map(|(id, _, _)| format!("--signatories organisation=organisation/{id}"))
        .collect();
    office.at("2025-07-29 10:00:00");
    office.record(
        "sam",
        &format!(
            "SignOffRequested --subject sign-off/concordat --title 'Crisis concordat' \
             --text '{{sha256 concordat.txt}}' --document @concordat.txt \
             --rule each-organisation-once --deadline '31 October 2025' \
             --agreement agreement/concordat --parent decision/concordat-text {}",
            asked.join(" ")
        ),
    );
    office.at("2025-07-30 10:00:00");
    for organisation in ["granby", "hadley"] {
        office.record(
            "carol",
            &format!(
                "SignOffDeclined --subject sign-off/concordat \
                 --capacity 'signatory of organisation/{organisation}' \
                 --text '{{sha256 concordat.txt}}' --reason 'the council has not met on it'"
            ),
        );
    }
    let first = [
        "icb",
        "mental-health-trust",
        "hospitals",
        "community-trust",
        "ambulance",
        "police",
        "fire",
        "ashford",
        "birchley",
        "calder",
        "dunmore",
        "mind",
        "rethink",
        "samaritans",
        "carers",
        "healthwatch",
        "homes",
    ];
    office.at("2025-08-01 10:00:00");
    for organisation in first {
        sign(office, "sign-off/concordat", organisation, "concordat.txt");
    }
    office.refused(
        "vera",
        "sign-off-once",
        &["was signed for organisation/mind", "nothing more is needed"],
        "SignOffGiven --subject sign-off/concordat --capacity 'signatory of organisation/mind' \
         --text '{sha256 concordat.txt}'",
    );
    // The secretary asks for signatures and gives none.
    office.refused(
        "sam",
        "role-held",
        &["signatory", "organisation/elmley"],
        "SignOffGiven --subject sign-off/concordat --capacity 'signatory of organisation/elmley' \
         --text '{sha256 concordat.txt}'",
    );
}

/// Whoever signs for an organisation signs.
pub fn sign(office: &mut Office, sign_off: &str, organisation: &str, text: &str) {
    let partner = PARTNERS.iter().find(|(id, _, _)| *id == organisation);
    let (_, _, by) = partner.unwrap();
    office.record(
        by,
        &format!(
            "SignOffGiven --subject {sign_off} --text '{{sha256 {text}}}' \
             --capacity 'signatory of organisation/{organisation}'"
        ),
    );
}

fn data_sharing(office: &mut Office) {
    office.write(
        "data-sharing.txt",
        "Partners share what a crisis team needs to know.\n",
    );
    office.at("2025-08-04 10:00:00");
    office.record(
        "sam",
        "SignOffRequested --subject sign-off/data-sharing --title 'Resolution on sharing data' \
         --text '{sha256 data-sharing.txt}' --document @data-sharing.txt --rule n-of-m --needed 5 \
         --signatories organisation=organisation/icb \
         --signatories organisation=organisation/mental-health-trust \
         --signatories organisation=organisation/hospitals \
         --signatories organisation=organisation/community-trust \
         --signatories organisation=organisation/police \
         --signatories organisation=organisation/ashford \
         --signatories organisation=organisation/mind \
         --parent decision/data-sharing-put-off",
    );
    let resolution = "DecisionMade --subject decision/data-sharing --title 'Share data between partners' \
         --kind agreed --body body/board --manner written-resolution \
         --authority sign-off/data-sharing";
    office.at("2025-08-15 10:00:00");
    for organisation in ["icb", "mental-health-trust", "hospitals", "mind"] {
        sign(
            office,
            "sign-off/data-sharing",
            organisation,
            "data-sharing.txt",
        );
    }
    office.refused(
        "sam",
        "written-resolution",
        &["has 4 of the 5 signatures", "when the sign-off is complete"],
        resolution,
    );
    office.at("2025-08-22 10:00:00");
    sign(
        office,
        "sign-off/data-sharing",
        "police",
        "data-sharing.txt",
    );
    office.record("sam", resolution);
}

fn delivery(office: &mut Office) {
    office.at("2025-08-25 10:00:00");
    office.record(
        "lena",
        "MilestoneCompleted --subject milestone/training --effective '30 July 2025' \
         --result 'All 84 staff trained'",
    );
    office.record(
        "lena",
        "ActionCompleted --subject action/site-lease --effective '20 August 2025' \
         --result 'Lease signed'",
    );
    // Within the year that was promised: neither later nor earlier.
    office.record(
        "lena",
        "MilestoneDateRestated --subject milestone/crisis-cafe --to 'December 2025' \
         --standing reported",
    );
    // What the engagement manager was told by one carer does not belong in a public record.
    office.record(
        "dev",
        "ActionProgressReported --subject action/carers-survey --state 'in progress' \
         --narrative 'Forty replies; Mrs Wetherbysloane of Mill Lane asks for night sitting'",
    );
    office.at("2025-08-28 10:00:00");
    office.record(
        "lena",
        "StatusReported --subject objective/crisis-response --report q2-crisis --rating Green \
         --period 'Q2 2025/26' --narrative 'Training is done and the line has its staff'",
    );
    office.record(
        "dev",
        "StatusReported --subject milestone/housing-protocol --report q2-housing \
         --rating not-rated --narrative 'Too early to say'",
    );
    office.record(
        "dev",
        "MetricMeasured --subject metric/response-time --value 71% --period 'July 2025'",
    );
    office.record(
        "dev",
        "MetricMeasured --subject metric/placements --value 11 --period 'July 2025'",
    );
}

fn towards_september(office: &mut Office) {
    office.at("2025-09-01 09:00:00");
    office.record(
        "sam",
        "MeetingCalled --subject meeting/board-2025-09 --title 'Partnership Board, September 2025' \
         --body body/board --date '10 September 2025' --part-2 true",
    );
    office.at("2025-09-03 09:00:00");
    office.record(
        "sam",
        "AgendaPublished --subject meeting/board-2025-09 --version 1 \
         --items 'number=2,title=Minutes of 9 July,purpose=decision' \
         --items 'number=4,title=Actions,purpose=assurance' \
         --items 'number=5,title=Evaluation contract,purpose=decision' \
         --items 'number=6,title=Where the crisis cafe opens,purpose=decision' \
         --items 'number=7,title=Self-referral app,purpose=decision' \
         --items 'number=9,title=Commercial matter,purpose=decision,part_2=true'",
    );
    office.write(
        "private-paper.txt",
        "Project Quillfeather: terms of the purchase\n",
    );
    office.record(
        "sam",
        "PaperLodged --subject paper/board-2025-09-9 --title 'Project Quillfeather: terms' \
         --document @private-paper.txt --version 1 --for-meeting meeting/board-2025-09 --item 9 \
         --exemption 'FOIA s43' --confidentiality part-2",
    );
    office.at("2025-09-09 12:00:00");
    office.keep("changes --body body/board --since meeting/board-2025-07");
    office.keep("changes --body body/delivery --since meeting/board-2025-07 --by effective");
    office.keep("search concordat --known-at '31 August 2025'");
    for (register, _) in REGISTERS {
        office.keep_in(register, &SHORT_FORMS);
    }
    office.keep_in("status", &SHORT_FORMS);
    office.keep_in("history milestone/crisis-line", &SHORT_FORMS);
    office.keep_in("bodies body/board", &SHORT_FORMS);
}
