//! From the first notice of a meeting to the eve of the July Board.

use crate::office::Office;

pub fn record(office: &mut Office) {
    may_board(office);
    plan(office);
    may_minutes(office);
    delivery_group(office);
    towards_july(office);
}

fn may_board(office: &mut Office) {
    office.at("2025-04-22 10:00:00");
    office.record(
        "sam",
        "MeetingCalled --subject meeting/board-2025-05 --title 'Partnership Board, May 2025' \
         --body body/board --date '14 May 2025' --time 14:00 --place 'Ashford Town Hall'",
    );
    office.record(
        "sam",
        "DecisionForeseen --subject decision/evaluation-contract \
         --title 'Who evaluates the strategy' --body body/board --expected 'July 2025'",
    );
    office.at("2025-05-07 10:00:00");
    office.record(
        "sam",
        "AgendaPublished --subject meeting/board-2025-05 --version 1 \
         --items 'number=3,title=Annual report 2024/25,purpose=information' \
         --items 'number=4,title=Strategy 2025 to 2028,purpose=decision' \
         --items 'number=5,title=Work programme 2025/26,purpose=decision' \
         --items 'number=6,title=Where the crisis cafe opens,purpose=decision' \
         --items 'number=7,title=Winter pressures: delegation,purpose=decision' \
         --items 'number=8,title=Bid for peer workers,purpose=decision'",
    );
    office.at("2025-05-14 17:00:00");
    office.record(
        "sam",
        "MeetingHeld --subject meeting/board-2025-05 --effective '14 May 2025' \
         --present person={cora},organisation=organisation/icb,voting=true \
         --present person={nina},organisation=organisation/mental-health-trust,voting=true \
         --present person={vera},organisation=organisation/mind,voting=true \
         --present 'post=Chief Operating Officer,organisation=organisation/hospitals,voting=true' \
         --present 'post=Director of Nursing,organisation=organisation/community-trust,voting=true' \
         --present 'post=Superintendent,organisation=organisation/police,voting=true' \
         --present 'post=Director of Adults,organisation=organisation/ashford,voting=true' \
         --in-attendance person={sam} --in-attendance person={tova} \
         --apologies 'post=Director of Public Health,organisation=organisation/calder' \
         --chaired-by person/{cora} --quorate true --public-present 4",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/annual-report --title 'Annual report 2024/25' \
         --kind received --body body/board --manner consensus \
         --meeting meeting/board-2025-05 --minute 3",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/strategy --title 'Adopt Better Together, 2025 to 2028' \
         --kind approved --body body/board --manner consensus \
         --meeting meeting/board-2025-05 --minute 4",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/work-programme --title 'Work programme 2025/26' \
         --kind approved --body body/board --manner vote \
         --votes in_favour=6,against=1,abstained=0 \
         --dissent 'Ashford asked for a costed plan first' \
         --meeting meeting/board-2025-05 --minute 5",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/cafe-at-hadley --title 'Crisis cafe opens at Hadley' \
         --kind agreed --body body/board --manner consensus \
         --meeting meeting/board-2025-05 --minute 6",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/winter-delegation \
         --title 'Chair may commit winter money' --kind agreed --body body/board \
         --manner consensus --meeting meeting/board-2025-05 --minute 7",
    );
    office.record(
        "sam",
        "ActionAssigned --subject action/site-lease --text 'Sign the lease for the crisis cafe' \
         --owner 'Director of Estates' --lead {lena} --body body/board --due '30 June 2025' \
         --decision decision/cafe-at-hadley --meeting meeting/board-2025-05 --minute 6",
    );
}

fn plan(office: &mut Office) {
    office.at("2025-05-16 11:00:00");
    office.record(
        "sam",
        "AuthorityDelegated --subject authority/winter --role chair --to body/board \
         --by body/board --may-sign 'Winter bridging payments' --limit '£50,000' --term 2025/26 \
         --decision decision/winter-delegation",
    );
    office.record(
        "sam",
        "StrategyAdopted --subject strategy/better-together --title 'Better Together' \
         --owner body/board --horizon '2025/26 to 2027/28' --decision decision/strategy",
    );
    for (aim, title) in [
        ("crisis", "Help in a crisis, day and night"),
        ("nearer-home", "Care nearer home"),
    ] {
        office.record(
            "sam",
            &format!(
                "AimSet --subject aim/{aim} --title '{title}' --level theme \
                 --strategy strategy/better-together"
            ),
        );
    }
    for (objective, title, aim, body) in [
        (
            "crisis-response",
            "Answer every crisis within an hour",
            "crisis",
            "board",
        ),
        (
            "neighbourhoods",
            "A team in every neighbourhood",
            "nearer-home",
            "delivery",
        ),
    ] {
        office.record(
            "sam",
            &format!(
                "ObjectiveSet --subject objective/{objective} --title '{title}' \
                 --level objective --strategy strategy/better-together --aim aim/{aim} \
                 --body body/{body}"
            ),
        );
    }
    for (milestone, title, objective, due) in [
        (
            "crisis-line",
            "Crisis line open day and night",
            "crisis-response",
            "Q2 2025/26",
        ),
        (
            "crisis-cafe",
            "Crisis cafe open",
            "crisis-response",
            "2025/26",
        ),
        (
            "street-triage",
            "Street triage in all boroughs",
            "crisis-response",
            "by the end of June 2025",
        ),
        (
            "training",
            "Control room staff trained",
            "crisis-response",
            "September 2025",
        ),
        ("app", "Self-referral app", "crisis-response", "2026/27"),
        (
            "peer-workers",
            "Twelve peer workers in post",
            "neighbourhoods",
            "31 October 2025",
        ),
        (
            "carers-offer",
            "Carers offer in place",
            "neighbourhoods",
            "Q4 2025/26",
        ),
        (
            "housing-protocol",
            "Discharge to housing protocol",
            "neighbourhoods",
            "2026/27",
        ),
        (
            "dashboard",
            "Neighbourhood dashboard",
            "neighbourhoods",
            "December 2025",
        ),
        (
            "evaluation",
            "Evaluation of the strategy",
            "neighbourhoods",
            "2026/27 and beyond",
        ),
    ] {
        office.record(
            "sam",
            &format!(
                "MilestoneSet --subject milestone/{milestone} --title '{title}' \
                 --parent objective/{objective} --strategy strategy/better-together --due '{due}'"
            ),
        );
    }
    measures(office);
}

fn measures(office: &mut Office) {
    office.record(
        "sam",
        "MetricDefined --subject metric/response-time --title 'Crises answered within an hour' \
         --unit % --direction up --target 90% --target-kind absolute --due 2026/27 \
         --parent objective/crisis-response",
    );
    office.record(
        "sam",
        "BaselineAgreed --subject metric/response-time --value 62% --period 2024/25",
    );
    office.record(
        "sam",
        "MetricDefined --subject metric/placements --title 'Placements out of area' \
         --direction down --target 0 --target-kind zero --due 2025/26 \
         --parent objective/neighbourhoods",
    );
    office.record(
        "sam",
        "BaselineAgreed --subject metric/placements --value 14 --period 2024/25",
    );
    office.record(
        "lena",
        "RiskRaised --subject risk/workforce --title 'Too few crisis staff' \
         --objective objective/crisis-response --owner 'Director of People' \
         --score likelihood=4,impact=4",
    );
    office.record(
        "lena",
        "RiskRaised --subject risk/estates --title 'No building for the crisis cafe' \
         --objective objective/crisis-response --owner 'Director of Estates' \
         --score likelihood=3,impact=3",
    );
}

fn may_minutes(office: &mut Office) {
    office.write(
        "minutes-2025-05-v1.txt",
        "Minutes of the Board, 14 May 2025, first draft\n",
    );
    office.write(
        "minutes-2025-05-v2.txt",
        "Minutes of the Board, 14 May 2025, with Ashford's words\n",
    );
    office.at("2025-05-21 09:30:00");
    office.record(
        "sam",
        "MinutesDrafted --subject minutes/board-2025-05 --minutes-of meeting/board-2025-05 \
         --document @minutes-2025-05-v1.txt --version 1",
    );
    office.at("2025-06-03 15:00:00");
    office.record(
        "sam",
        "MinutesAmended --subject minutes/board-2025-05 --version 2 \
         --changes 'Minute 5 gives the dissent in its own words' --asked-by 'Director of Adults' \
         --document @minutes-2025-05-v2.txt",
    );
}

fn delivery_group(office: &mut Office) {
    office.at("2025-06-10 09:00:00");
    office.record(
        "sam",
        "MeetingCalled --subject meeting/delivery-2025-06 --title 'Delivery Group, June 2025' \
         --body body/delivery --date '18 June 2025'",
    );
    office.record(
        "sam",
        "AgendaPublished --subject meeting/delivery-2025-06 --version 1 \
         --items 'number=3,title=One referral form,purpose=decision' \
         --items 'number=4,title=Beds,purpose=discussion'",
    );
    office.at("2025-06-18 12:00:00");
    office.record(
        "sam",
        "MeetingHeld --subject meeting/delivery-2025-06 --effective '18 June 2025' \
         --present 'post=Head of Crisis Care,organisation=organisation/mental-health-trust,voting=true' \
         --present 'post=Head of Emergency Care,organisation=organisation/hospitals,voting=true' \
         --present 'post=Head of Adult Social Care,organisation=organisation/ashford,voting=true' \
         --present 'post=Services Manager,organisation=organisation/mind,voting=true' \
         --in-attendance person={dev} --quorate true",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/referral-form --title 'One referral form for all partners' \
         --kind agreed --body body/delivery --manner consensus \
         --meeting meeting/delivery-2025-06 --minute 3",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/beds-to-board --title 'Take the shortage of beds to the Board' \
         --kind agreed --body body/delivery --manner vote \
         --votes in_favour=3,against=0,abstained=1 --meeting meeting/delivery-2025-06 --minute 4",
    );
    office.record(
        "sam",
        "ActionAssigned --subject action/beds-paper --text 'Write the paper on beds' \
         --owner 'Head of Emergency Care' --organisation organisation/hospitals \
         --body body/delivery --due '5 September 2025' --decision decision/beds-to-board \
         --meeting meeting/delivery-2025-06 --minute 4",
    );
    office.write(
        "minutes-delivery-2025-06.txt",
        "Minutes of the Delivery Group, 18 June 2025\n",
    );
    office.at("2025-06-25 10:00:00");
    office.record(
        "sam",
        "MinutesDrafted --subject minutes/delivery-2025-06 --minutes-of meeting/delivery-2025-06 \
         --document @minutes-delivery-2025-06.txt --version 1",
    );
}

fn towards_july(office: &mut Office) {
    office.at("2025-06-26 10:00:00");
    // Later is not earlier: the program says which event it is.
    office.refused(
        "lena",
        "milestone-date-verb",
        &[
            "record it as MilestoneSlipped",
            "from Q2 2025/26 to Q3 2025/26",
        ],
        "MilestoneBroughtForward --subject milestone/crisis-line --to 'Q3 2025/26' \
         --standing reported --reason 'telephones came late'",
    );
    office.record(
        "lena",
        "MilestoneSlipped --subject milestone/crisis-line --to 'Q3 2025/26' --standing reported \
         --reason 'the telephone contract was let late'",
    );
    office.record(
        "lena",
        "MilestoneCompleted --subject milestone/street-triage --effective '24 June 2025' \
         --result 'Cars on the road in eight boroughs'",
    );
    office.record(
        "lena",
        "ActionDueChanged --subject action/site-lease --from '30 June 2025' --to '31 August 2025' \
         --reason 'the landlord asked for a survey'",
    );
    office.at("2025-06-27 16:00:00");
    office.record(
        "lena",
        "StatusReported --subject objective/crisis-response --report q1-crisis --rating Amber \
         --scale Red --scale Amber --scale Green --period 'Q1 2025/26' \
         --narrative 'Triage is out, the line is late'",
    );
    office.record(
        "lena",
        "StatusReported --subject milestone/crisis-line --report q1-line --rating not-stated \
         --narrative 'The form has no rating for a single milestone'",
    );
    office.record(
        "dev",
        "MetricMeasured --subject metric/response-time --value 66% --period 'Q1 2025/26' \
         --data-source 'Control room log'",
    );
    office.at("2025-06-30 09:00:00");
    office.record(
        "sam",
        "MeetingCalled --subject meeting/board-2025-07 --title 'Partnership Board, July 2025' \
         --body body/board --date '9 July 2025' --place 'Calder Library'",
    );
    office.at("2025-07-02 09:00:00");
    office.record(
        "sam",
        "AgendaPublished --subject meeting/board-2025-07 --version 1 \
         --items 'number=2,title=Minutes of 14 May,purpose=decision' \
         --items 'number=3,title=Action by the chair,purpose=information' \
         --items 'number=5,title=Sharing data,purpose=decision' \
         --items 'number=6,title=Crisis line: new date,purpose=decision' \
         --items 'number=7,title=Concordat: the text,purpose=decision' \
         --items 'number=8,title=Evaluation contract,purpose=decision'",
    );
    // The chair acts for the Board under the delegation of May.
    office.record(
        "cora",
        "DecisionMade --subject decision/winter-bridging --title 'Bridging money for Calder' \
         --kind approved --body body/board --manner chairs-action --authority authority/winter \
         --reason 'the provider would have closed in July'",
    );
    office.at("2025-07-08 12:00:00");
    office.keep("changes --body body/board --since meeting/board-2025-05");
    office.keep("search crisis line");
}
